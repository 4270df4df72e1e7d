// A company's application with a SCIM 2.0 door, for the tests. The protocol is spoken by the scimmy library, which knows nothing of Depart;
// around it: people who sign in with a password and keep sessions, an administrator's own door, and ways of being broken, chosen by the path.
//
//   node server.js '{"key": "administrator key", "token": "…", "readOnlyToken": "…", "listeners": [{"port": 20001, "certificate": "…", "key": "…"}]}'
import https from "node:https";
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const settings = JSON.parse(process.argv[2]);
const people = new Map();
const groups = new Map();
const sessions = new Map();
const stamp = () => new Date().toISOString();
const missing = (id) => { throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`); };

const meta = (record, resourceType) => ({ resourceType, created: record.created, lastModified: record.changed, version: version(record) });
const version = (record) => `W/"${record.version}"`;
const groupsOf = (id) => [...groups.values()].filter((group) => group.members.includes(id))
  .map((group) => ({ value: group.id, display: group.name, type: "direct" }));

const asUser = (person, hideGroups) => ({
  ...person.user, id: person.id, meta: meta(person, "User"), groups: hideGroups ? undefined : groupsOf(person.id),
});
const asGroup = (group) => ({
  id: group.id, displayName: group.name, meta: meta(group, "Group"),
  members: group.members.map((id) => ({ value: id, display: people.get(id)?.user.userName, type: "User" })),
});

const found = (resource, all) => resource.filter ? resource.filter.match(all) : all;

// Deeply plain: scimmy hands out and wants back ordinary objects.
const plain = (value) => JSON.parse(JSON.stringify(value));

SCIMMY.Resources.declare(SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false))
  .egress((resource, context) => {
    if (resource.id) {
      return people.has(resource.id) ? asUser(people.get(resource.id), context.mode === "no-groups-on-user") : missing(resource.id);
    }
    return found(resource, [...people.values()].map((person) => asUser(person, context.mode === "no-groups-on-user")));
  })
  .ingress((resource, instance, context) => {
    const { id, meta: _, groups: __, ...user } = plain(instance);
    let person = resource.id ? people.get(resource.id) ?? missing(resource.id) : undefined;
    if ([...people.values()].some((other) => other !== person && other.user.userName.toLowerCase() === user.userName.toLowerCase())) {
      throw new SCIMMY.Types.Error(409, "uniqueness", "userName is taken");
    }
    if (!person) {
      person = { id: randomUUID(), created: stamp(), version: 0, password: randomUUID() };
      people.set(person.id, person);
    }
    if (context.mode !== "ignores") {
      Object.assign(person, { user, changed: stamp(), version: person.version + 1 });
    }
    return asUser(person);
  })
  .degress((resource) => people.delete(resource.id) || missing(resource.id));

SCIMMY.Resources.declare(SCIMMY.Resources.Group)
  .egress((resource, context) => {
    if (resource.id) {
      return groups.has(resource.id) ? asGroup(groups.get(resource.id)) : missing(resource.id);
    }
    if (context.mode === "no-groups-filter" && resource.filter) {
      throw new SCIMMY.Types.Error(400, "invalidFilter", "Filters on groups are not supported");
    }
    return found(resource, [...groups.values()].map(asGroup));
  })
  .ingress((resource, instance, context) => {
    const body = plain(instance);
    const group = resource.id ? groups.get(resource.id) ?? missing(resource.id) : { id: randomUUID(), created: stamp(), version: 0, members: [] };
    groups.set(group.id, group);
    const members = (body.members ?? []).map((member) => member.value);
    if (context.mode === "last-owner" && group.members.length > 0 && members.length === 0) {
      throw new SCIMMY.Types.Error(409, "uniqueness", "The last member of a group cannot be removed");
    }
    if (context.mode !== "ignores") {
      Object.assign(group, { name: body.displayName, members, changed: stamp(), version: group.version + 1 });
    }
    return asGroup(group);
  })
  .degress((resource) => groups.delete(resource.id) || missing(resource.id));

const error = (response, status, detail, scimType) => response.status(status).type("application/scim+json")
  .send({ schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status), detail, scimType });

const app = express();
app.set("etag", false);
app.disable("x-powered-by");

// ---- The application itself: signing in, and what a session is good for.
app.use(["/sign-in", "/admin"], express.json({ limit: "64mb" }));
const byLogin = (login) => [...people.values()].find((person) => person.user.userName.toLowerCase() === String(login).toLowerCase());
app.post("/sign-in", (request, response) => {
  const person = byLogin(request.body.login);
  if (!person || person.password !== request.body.password) {
    return response.status(401).send("Wrong login or password");
  }
  if (person.user.active === false) {
    return response.status(403).send("This account is deactivated");
  }
  const session = randomUUID();
  sessions.set(session, person.id);
  return response.send(session);
});
app.get("/home", (request, response) => sessions.has(request.header("X-Session")) ? response.send("Welcome") : response.status(401).send("Sign in first"));

// ---- The administrator's own door.
app.use("/admin", (request, response, next) => request.header("X-Key") === settings.key ? next() : response.sendStatus(401));
app.post("/admin/people", (request, response) => {
  for (const added of request.body) {
    const id = randomUUID();
    people.set(id, {
      id, password: added.password, created: stamp(), changed: stamp(), version: 1,
      user: {
        userName: added.login, displayName: `${added.given} ${added.family}`, name: { givenName: added.given, familyName: added.family },
        emails: added.mails.map((value, index) => ({ value, primary: index === 0, type: "work" })), active: added.active,
        roles: added.roles.length > 0 ? added.roles.map((value) => ({ value })) : undefined,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { employeeNumber: added.number },
      },
    });
    for (const name of added.groups) {
      let group = [...groups.values()].find((known) => known.name === name);
      if (!group) {
        group = { id: randomUUID(), name, created: stamp(), changed: stamp(), version: 1, members: [] };
        groups.set(group.id, group);
      }
      group.members.push(id);
      group.version++;
    }
  }
  response.sendStatus(204);
});
// Attributes in order of their names: two equal dumps are two equal accounts.
const inOrder = (value) => Array.isArray(value) ? value.map(inOrder) : Object(value) !== value ? value
  : Object.fromEntries(Object.keys(value).filter((name) => name !== "schemas").sort().map((name) => [name, inOrder(value[name])]));
app.get("/admin/dump", (_, response) => response.send(Object.fromEntries([...people.values()].map((person) =>
  [person.user.userName, JSON.stringify(inOrder({ id: person.id, user: person.user, password: person.password, groups: groupsOf(person.id).map((group) => group.display).sort() }))]))));
app.post("/admin/change", (request, response) => {
  const person = byLogin(request.body.login);
  Object.assign(person.user, request.body.values);
  person.version++;
  response.sendStatus(204);
});
app.delete("/admin/people/:login", (request, response) => {
  const { id } = byLogin(request.params.login);
  people.delete(id);
  for (const group of groups.values()) {
    group.members = group.members.filter((member) => member !== id);
  }
  response.sendStatus(204);
});

app.get("/admin/groups/:name", (request, response) => {
  const group = [...groups.values()].find((known) => known.name === request.params.name);
  response.send({ version: group.version, members: group.members.map((id) => people.get(id).user.userName) });
});
app.delete("/admin/groups/:name", (request, response) => {
  groups.delete([...groups.values()].find((group) => group.name === request.params.name).id);
  response.sendStatus(204);
});

// ---- Ways of being broken: /broken/MODE/scim/v2/… is the same company through a door with a fault.
const counts = new Map();
const isWrite = (request) => !["GET", "HEAD"].includes(request.method);
app.use(["/scim/v2", "/broken/:mode/scim/v2"], (request, response, next) => {
  const mode = request.params.mode;
  const [fault, number] = (mode ?? "").split(".");
  const count = (counts.get(mode) ?? 0) + 1;
  counts.set(mode, count);
  switch (fault) {
    case "throttles": // throttles.N: two calls of three are asked to wait N seconds
      return count % 3 === 0 ? next() : error(response.set("Retry-After", number), 429, "Too many requests");
    case "throttles-for-ever":
      return error(response.set("Retry-After", number), 429, "Too many requests");
    case "throttles-until-date":
      return error(response.set("Retry-After", new Date(Date.now() + 90_000).toUTCString()), 429, "Too many requests");
    case "moved":
      return response.redirect(307, "https://elsewhere.example/scim/v2" + request.url);
    case "web-page":
      return response.type("html").send("<!doctype html><title>Sign in</title>");
    case "empty-list":
      return response.type("application/scim+json").send({ unexpected: true });
    case "endless":
      response.type("application/scim+json").write('{"Resources":[');
      return void (function more() {
        while (!response.destroyed && response.write('{"userName":"' + "x".repeat(65536) + '"},'));
        if (!response.destroyed) { response.once("drain", more); }
      })();
    case "trickle": // headers at once, then a byte a second, for ever
      response.type("application/scim+json").write("{");
      return void (function more() { if (!response.destroyed) { response.write(" "); setTimeout(more, 500).unref(); } })();
    case "fails":
      return error(response, 500, "Something broke");
    case "no-patch":
      return request.method === "PATCH" ? error(response, 501, "PATCH is not supported") : next();
    case "hangs-on-write": // the change is made; nobody hears of it
      if (isWrite(request)) { response.send = () => response; response.end = () => response; }
      return next();
    default:
      return next();
  }
});

const scim = () => new SCIMMYRouters({
  type: "bearer",
  handler: (request) => {
    if (![settings.token, settings.readOnlyToken].includes(request.header("Authorization")?.replace(/^Bearer /, ""))) {
      throw new Error("The token is not known");
    }
    return "application";
  },
  context: (request) => ({ mode: request.params.mode }),
});

const guard = express.Router({ mergeParams: true });
guard.use(express.json({ type: ["application/scim+json", "application/json"], limit: "4mb" }));
guard.use((request, response, next) => {
  if (request.header("Authorization") === `Bearer ${settings.readOnlyToken}` && isWrite(request)) {
    return error(response, 403, "This client may only read");
  }
  const [, kind, id] = /^\/(Users|Groups)\/([^/?]+)/.exec(request.url) ?? [];
  const record = (kind === "Users" ? people : groups).get(decodeURIComponent(id ?? ""));
  const expected = request.header("If-Match");
  if (isWrite(request) && expected && record && expected !== "*" && expected !== version(record)) {
    return error(response, 412, "The record has changed");
  }
  if (request.params.mode === "demands-if-match" && isWrite(request) && !expected) {
    return error(response, 428, "If-Match is required");
  }
  if (record && request.method === "GET") {
    response.set("ETag", version(record));
  }
  if (request.method === "PATCH" && request.params.mode === "no-path" && request.body.Operations?.some((operation) => operation.path && operation.op !== "remove")) {
    return error(response, 400, "Operations with a path are not supported", "invalidPath");
  }
  return next();
});
app.use(["/scim/v2", "/broken/:mode/scim/v2"], guard, scim());

for (const { port, certificate, key } of settings.listeners) {
  https.createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, app).listen(port, "127.0.0.1");
}
