// A company's mail server for the tests: SMTP by Nodemailer's smtp-server, its inbox read by mailparser, which know nothing of Depart; around them an
// administrator's own door, which reads the inbox and tells the server how to misbehave.
//
//   node server.js '{"door": 20001, "listeners": [{"port": 20002, "mode": "plain|starttls|tls", "certificate": "…", "key": "…", "user": "…", "password": "…", "pipelining": false}]}'
//
//   GET  /inbox   mails taken, as parsed       POST /rules  [{"to": "address", "at": "rcpt|data", "does": "451 words|550 words|hang|drop", "times": 1}]
//   GET  /seen    stages reached, in order     POST /reset  no mail, no rule
//
// At "data" the whole text has arrived: "drop" takes it and breaks the connection without an answer, "hang" takes it and never answers, a code refuses it.
import http from "node:http";
import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";
import { simpleParser } from "mailparser";

const settings = JSON.parse(process.argv[2]);
let inbox = [];
let seen = [];
let rules = [];

const ruleFor = (at, to) => {
  const rule = rules.find((known) => known.at === at && known.to === to && known.times > 0);
  if (rule) {
    rule.times--;
  }
  return rule?.does;
};

const refusal = (does) => Object.assign(new Error(does.slice(4)), { responseCode: Number(does.slice(0, 3)) });

const serve = (listener) => {
  const server = new SMTPServer({
    secure: listener.mode === "tls",
    ...(listener.certificate ? { cert: readFileSync(listener.certificate), key: readFileSync(listener.key) } : {}),
    disabledCommands: [...(listener.mode === "starttls" ? [] : ["STARTTLS"]), ...(listener.user ? [] : ["AUTH"])],
    authOptional: !listener.user,
    hidePIPELINING: !listener.pipelining,
    disableReverseLookup: true,
    onAuth: (auth, session, callback) => auth.username === listener.user && auth.password === listener.password
      ? callback(null, { user: auth.username })
      : callback(Object.assign(new Error("Authentication credentials invalid"), { responseCode: 535 })),
    onRcptTo(address, session, callback) {
      seen.push({ at: "rcpt", to: address.address });
      const does = ruleFor("rcpt", address.address);
      if (does === "hang") {
        return;
      }
      if (does === "drop") {
        end(session);
        return;
      }
      callback(does ? refusal(does) : null);
    },
    onData(stream, session, callback) {
      const chunks = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("end", async () => {
        const to = session.envelope.rcptTo.map((recipient) => recipient.address);
        seen.push({ at: "data", to: to[0] });
        const does = ruleFor("data", to[0]);
        if (!does || does === "hang" || does === "drop") {
          const raw = Buffer.concat(chunks);
          const mail = await simpleParser(raw, { skipImageLinks: true });
          inbox.push({
            raw: raw.toString("latin1"), envelopeFrom: session.envelope.mailFrom.address, envelopeTo: to, secure: session.secure, user: session.user ?? null,
            subject: mail.subject, from: mail.from?.value, to: mail.to?.value, cc: mail.cc?.value, bcc: mail.bcc?.value, messageId: mail.messageId, date: mail.date,
            text: mail.text, html: mail.html, headers: mail.headerLines.map((line) => line.key),
          });
        }
        if (does === "hang") {
          return;
        }
        if (does === "drop") {
          end(session);
          return;
        }
        callback(does ? refusal(does) : null, "2.0.0 taken as LAB-" + inbox.length);
      });
    },
  });
  const end = (session) => [...server.connections].find((connection) => connection.id === session.id)?._socket.destroy();

  // Clients that hang up, or that do not like the certificate, are what is being tested.
  server.on("error", () => {});
  server.listen(listener.port, "127.0.0.1");
};

settings.listeners.forEach(serve);

http.createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
  }
  if (request.url === "/rules") {
    rules = JSON.parse(body);
  } else if (request.url === "/reset") {
    [inbox, seen, rules] = [[], [], []];
  }
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(request.url === "/inbox" ? inbox : request.url === "/seen" ? seen : {}));
}).listen(settings.door, "127.0.0.1");
