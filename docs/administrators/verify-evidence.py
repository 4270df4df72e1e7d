#!/usr/bin/env python3
"""Verifies an evidence archive of Depart from docs/developers/evidence-format.md alone: Python's standard library and openssl.

usage: verify-evidence.py ARCHIVE.zip|FOLDER [FINGERPRINT]
exit:  0 genuine, 3 consistent but the signer was not checked, 1 broken, 2 usage
"""
import base64, hashlib, json, os, re, subprocess, sys, tempfile, zipfile

ZEROS = "0" * 64
NAMING_PEOPLE = {"personal.jsonl", "report.en.html", "report.fr.html"}
findings = []


def finding(place, text):
    findings.append(f"{place}: {text}")


def sha(data):
    return hashlib.sha256(data).hexdigest()


def strict(data, members, place):
    def pairs(items):
        if len({name for name, _ in items}) != len(items):
            raise ValueError("a member stands twice")
        return dict(items)

    value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs)
    if not isinstance(value, dict) or set(value) != set(members):
        raise ValueError(f"its members are not {', '.join(members)}")
    return value


def read(path):
    if os.path.isdir(path):
        return {name: open(os.path.join(path, name), "rb").read() for name in os.listdir(path)}
    files = {}
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > 256 << 20:
            sys.exit("larger than 256 MiB")
        for item in archive.infolist():
            if item.filename in files or not re.fullmatch(r"[a-z][a-z0-9.-]*", item.filename):
                finding("zip", f"{item.filename!r} stands twice or is no name of an archive")
            files[item.filename] = archive.read(item)
    return files


def signed(files, data, signature):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", files["public-key.pem"]), ("data", files[data]), ("sig", files[signature])):
            with open(os.path.join(folder, name), "wb") as target:
                target.write(content)
        return subprocess.run(
            ["openssl", "dgst", "-sha256", "-verify", "key", "-signature", "sig", "data"], cwd=folder, capture_output=True).returncode == 0


def root_of(leaf, index, size, path):
    if not 0 <= index < size:
        return None
    place, last, node = index, size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for step in map(bytes.fromhex, path):
        if last == 0:
            return None
        if place & 1 or place == last:
            node = hashlib.sha256(b"\1" + step + node).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + step).digest()
        place, last = place >> 1, last >> 1
    return node.hex() if last == 0 else None


def lines(data):
    return data[:-1].split(b"\n") if data.endswith(b"\n") else data.split(b"\n") if data else []


def journal(files, manifest):
    head, digests, count = ZEROS, {}, 0
    reading, accepted, attested = {}, set(), set()
    for count, line in enumerate(lines(files["journal.jsonl"]), 1):
        place = f"journal.jsonl:{count}"
        entry = strict(line, ["v", "chain", "seq", "prev", "at", "kind", "values", "personal"], place)
        if entry["chain"] != manifest["chain"] or entry["v"] != 1:
            finding(place, "belongs to another chain or version")
        if entry["seq"] != count:
            finding(place, f"entry {entry['seq']} stands where entry {count} belongs")
        if entry["prev"] != head:
            finding(place, "does not follow the line before it")
        head = sha(line)
        digests.update({(entry["seq"], name): digest for name, digest in entry["personal"].items()})
        values = entry["values"]
        if entry["kind"] == "revocation.attempted":
            key = values["disconnection"], values["account"]
            for step in values["steps"]:
                if step["action"] == "verify" and step.get("stateRead") in ("Enabled", "Disabled", "Absent"):
                    reading[key] = step["stateRead"], step.get("proof")
                elif step["action"] not in ("verify", "snapshot") and step.get("outcome") in ("Done", "AlreadySo"):
                    accepted.add(key)
        elif entry["kind"] == "revocation.decided" and values["decision"] == "ByHand":
            attested.add(values["account"])
        elif entry["kind"] == "disconnection.ended":
            for claim in values["accounts"]:
                key, verdict = (values["disconnection"], claim["account"]), claim["verdict"]
                state, proof = reading.get(key, (None, None))
                supported = {
                    "NotFound": state == "Absent",
                    "Attested": claim["account"] in attested,
                    "AcceptedUnverified": key in accepted or state == "Disabled",
                }
                for word in ("GoneVerified", "GoneResidual", "AlreadyGone"):
                    supported[word] = state in ("Disabled", "Absent") and proof is not None and proof == claim["proof"]
                if not supported.get(verdict, True):
                    finding(place, f"account {claim['account']} is said to be {verdict}; no earlier entry shows it")
                if values["state"] == "Cut" and verdict not in supported:
                    finding(place, f"said to be cut while account {claim['account']} is {verdict}")
    if count != manifest["entries"] or head != manifest["head"]:
        finding("journal.jsonl", "does not end as the manifest says")
    return head, count, digests


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    files = read(sys.argv[1])
    for name in ("manifest.json", "manifest.sig", "public-key.pem", "journal.jsonl", "checkpoint.json", "checkpoint.sig", "inclusion.json"):
        if name not in files:
            finding(name, "missing")
    if findings:
        return
    pem = files["public-key.pem"].decode("ascii")
    key = sha(base64.b64decode("".join(pem.split("-----")[2].split())))
    print("signing key:", key)
    if not signed(files, "manifest.json", "manifest.sig"):
        finding("manifest.sig", "the signature does not fit the manifest")
    if len(sys.argv) == 3 and sys.argv[2].replace(":", "").lower() != key:
        finding("public-key.pem", "signed by another key")
    manifest = strict(files["manifest.json"], ["type", "v", "chain", "at", "entries", "head", "key", "personal", "erasable", "files"], "manifest.json")
    if manifest["type"] != "depart-evidence" or manifest["v"] != 1 or manifest["key"] != key or not set(manifest["erasable"]) <= NAMING_PEOPLE:
        finding("manifest.json", "is not a manifest of this version and key")
    for name in files.keys() - {"manifest.json", "manifest.sig"}:
        if manifest["files"].get(name) != sha(files[name]):
            finding(name, "altered, or not in the manifest")
    for name in manifest["files"].keys() - files.keys():
        if name in manifest["erasable"]:
            print("taken out:", name)
        else:
            finding(name, "missing")
    head, count, digests = journal(files, manifest)
    for number, line in enumerate(lines(files.get("personal.jsonl", b"")), 1):
        value = strict(line, ["seq", "name", "value", "salt"], "personal.jsonl")
        if digests.pop((value["seq"], value["name"]), None) != sha(bytes.fromhex(value["salt"]) + value["value"].encode()):
            finding(f"personal.jsonl:{number}", f"{value['name']} is not the value recorded")
    checkpoint = strict(files["checkpoint.json"], ["type", "v", "log", "number", "at", "size", "root", "previous", "key"], "checkpoint.json")
    if checkpoint["type"] != "depart-checkpoint" or checkpoint["key"] != key or not signed(files, "checkpoint.json", "checkpoint.sig"):
        finding("checkpoint.sig", "the checkpoint is not signed by this key")
    proof = strict(files["inclusion.json"], ["index", "path"], "inclusion.json")
    leaf = json.dumps({"chain": manifest["chain"], "seq": count, "hash": head}, separators=(",", ":")).encode()
    if root_of(leaf, proof["index"], checkpoint["size"], proof["path"]) != checkpoint["root"]:
        finding("checkpoint.json", f"checkpoint {checkpoint['number']} does not cover this journal")
    print(f"{count} entries; {len(digests)} personal values erased or left out; checkpoint {checkpoint['number']}, root {checkpoint['root']}")


if __name__ == "__main__":
    try:
        main()
    except (ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile, OSError) as error:
        finding("archive", f"cannot be understood: {error!r}")
    for text in findings:
        print("  x", text)
    print("BROKEN" if findings else "GENUINE" if len(sys.argv) == 3 else "CONSISTENT, SIGNER NOT CHECKED")
    sys.exit(1 if findings else 0 if len(sys.argv) == 3 else 3)
