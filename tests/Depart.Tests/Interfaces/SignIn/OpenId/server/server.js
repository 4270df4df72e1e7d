// Companies' identity providers for the tests: OpenID Connect by oidc-provider, which knows nothing of Depart; around them an administrator's own door.
//
//   node server.js '{"door": 20001, "ports": [20002, 20003]}'
//
//   POST /accounts  [{"sub": "…", "email": "…", "email_verified": true, "name": "…", "groups": ["…"], "disabled": false}]   all there are
//   POST /logout    {"port": 20002, "client": "…", "sub": "…", "sid": "…"}   what happens when a session ends there: the client is told
//   POST /sign      {"port": 20002, "header": {}, "claims": {}, "secret": null}   a token signed with that provider's key, or with a secret
//
// Clients register themselves at each provider (POST /reg). Whoever comes to sign in types their sub.
import http from "node:http";
import Provider from "oidc-provider";
import { SignJWT, exportJWK, generateKeyPair } from "jose";

const settings = JSON.parse(process.argv[2]);
let accounts = [];
const providers = new Map();

const read = async (request) => {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
  }
  return body;
};

const serve = async (port) => {
  const issuer = `http://127.0.0.1:${port}`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const kid = `key-${port}`;
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, use: "sig", alg: "RS256" }] },
    cookies: { keys: [`lab-${port}`], names: { session: `_session_${port}`, interaction: `_interaction_${port}`, resume: `_resume_${port}` } },
    scopes: ["openid", "email", "profile", "groups", "offline_access"],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    features: {
      devInteractions: { enabled: false }, backchannelLogout: { enabled: true }, registration: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => { ctx.body = `<!doctype html><title>Provider</title><h1>Sign out?</h1>${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>`; },
      },
    },
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    findAccount: (ctx, sub) => {
      const account = accounts.find((known) => known.sub === sub && !known.disabled);
      return account && { accountId: sub, claims: () => account };
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const { client, session, provider: own } = ctx.oidc;
      const known = session.grantIdFor(client.clientId);
      const grant = (known && await own.Grant.find(known)) || new own.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid email profile groups offline_access");
      await grant.save();
      return grant;
    },
    ttl: { AccessToken: 3600, IdToken: 3600, RefreshToken: 86400, Session: 86400, Grant: 86400, Interaction: 3600 },
  });
  providers.set(port, { provider, privateKey, kid });
  const answer = provider.callback();
  http.createServer(async (request, response) => {
    if (!request.url.startsWith("/interaction/")) {
      answer(request, response);
      return;
    }

    const typed = request.method === "POST" ? new URLSearchParams(await read(request)) : null;
    if (typed?.get("give-up")) {
      await provider.interactionFinished(request, response, { error: "access_denied", error_description: "given up" });
    } else if (accounts.some((account) => account.sub === typed?.get("login") && !account.disabled)) {
      await provider.interactionFinished(request, response, { login: { accountId: typed.get("login") } }, { mergeWithLastSubmission: false });
    } else {
      response.setHeader("Content-Type", "text/html");
      response.end('<!doctype html><title>Provider</title><h1>Who are you?</h1><form method="post"><label>Login <input name="login"></label><button>Go on</button><button name="give-up" value="yes">Give up</button></form>');
    }
  }).listen(port, "127.0.0.1");
};

await Promise.all(settings.ports.map(serve));

http.createServer(async (request, response) => {
  const body = JSON.parse(await read(request));
  let said = {};
  try {
    if (request.url === "/accounts") {
      accounts = body;
    } else {
      const { provider, privateKey, kid } = providers.get(body.port);
      if (request.url === "/logout") {
        const client = await provider.Client.find(body.client);
        await client.backchannelLogout(body.sub, body.sid);
      } else {
        const key = body.secret ? new TextEncoder().encode(body.secret) : privateKey;
        said = { token: await new SignJWT(body.claims).setProtectedHeader({ alg: body.secret ? "HS256" : "RS256", kid, ...body.header }).sign(key) };
      }
    }
  } catch (error) {
    response.statusCode = 500;
    said = { error: String(error) };
  }
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(said));
}).listen(settings.door, "127.0.0.1");
