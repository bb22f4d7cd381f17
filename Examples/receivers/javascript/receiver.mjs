#!/usr/bin/env node
// A receiver that verifies Standard Webhooks deliveries and prints one line per event. Node's own modules only.
//
//     node receiver.mjs --port 8090 --secret whsec_...
//
// Answers 204 to what verifies and 401, with the reason, to what does not.
import { createHmac, timingSafeEqual } from "node:crypto"
import { createServer } from "node:http"
import { parseArgs } from "node:util"

const tolerance = 300 // seconds that the time of signing may differ from our clock, either way
const longestBody = 1 << 20
const mostSignatures = 8

/** Why a request is not believed. */
class Refused extends Error {}

/** The 24 to 64 bytes behind whsec_. */
function keyOf(secret) {
    if (!secret?.startsWith("whsec_")) throw new Error("--secret must begin with whsec_")
    const text = secret.slice("whsec_".length)
    const key = Buffer.from(text, "base64")
    if (key.toString("base64") !== text) throw new Error("what follows whsec_ is not base64")
    if (key.length < 24 || key.length > 64) throw new Error("the secret's key must have 24 to 64 bytes")
    return key
}

/** Returns the event's id, the same on every retry. `rawHeaders` are names and values in turn, as they came. */
function verify(key, rawHeaders, body, now) {
    const [id, timestamp, header] = ["id", "timestamp", "signature"].map((part) => only(rawHeaders, `webhook-${part}`))
    // Visible ASCII without the full stop, which separates what is signed.
    if (!/^[!-\-/-~]{1,256}$/.test(id)) throw new Refused("webhook-id is malformed")
    if (!/^[0-9]{1,15}$/.test(timestamp)) throw new Refused("webhook-timestamp is no number of seconds")
    const signatures = header.split(" ")
    if (signatures.length > mostSignatures || new Set(signatures).size < signatures.length) {
        throw new Refused("webhook-signature repeats itself")
    }
    if (signatures.some((each) => each.startsWith("v1,") && !/^v1,[A-Za-z0-9+/]{43}=$/.test(each))) {
        throw new Refused("webhook-signature has a v1 signature that is not whole")
    }
    if (Math.abs(now - Number(timestamp)) > tolerance) throw new Refused("signed too long ago or in the future")
    const hmac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body)
    const expected = Buffer.from(`v1,${hmac.digest("base64")}`)
    // Compared in constant time, and every one of them: two are there while a secret is rotated.
    const matches = signatures.map((each) => Buffer.from(each)).map(
        (each) => each.length === expected.length && timingSafeEqual(each, expected))
    if (!matches.includes(true)) throw new Refused("the signature does not match")
    return id
}

/** The value of a header that must stand exactly once; `request.headers` would hide a second line. */
function only(rawHeaders, name) {
    const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1].toLowerCase() === name)
    if (values.length !== 1 || !values[0]) throw new Refused(`${name} must stand exactly once`)
    return values[0]
}

/** What happened, where and when. */
function line(body) {
    const event = JSON.parse(body)
    return `${event.type} door=${event.data?.door ?? "-"} time=${event.time}`
}

/** The whole body, or null where it does not say its length or is too long; node reads no more than that length. */
async function bodyOf(request) {
    if (!(Number(request.headers["content-length"]) <= longestBody)) return null
    const parts = []
    for await (const part of request) parts.push(part)
    return Buffer.concat(parts)
}

function fail(message) {
    console.error(message)
    process.exit(2)
}

function settings() {
    try {
        const options = { port: { type: "string", default: "8090" }, secret: { type: "string" } }
        const { values } = parseArgs({ options })
        return { port: Number(values.port), key: keyOf(values.secret) }
    } catch (fault) {
        return fail(fault.message)
    }
}

const { port, key } = settings()

const server = createServer(async (request, response) => {
    const answer = (status, reason) => response.writeHead(status, { "content-type": "text/plain" }).end(reason)
    try {
        if (request.method !== "POST") return answer(405, "POST is wanted")
        const body = await bodyOf(request)
        if (body === null) return answer(411, "a body with a Content-Length up to 1 MiB is wanted")
        const id = verify(key, request.rawHeaders, body, Math.floor(Date.now() / 1000))
        // Only now is the body believed. Remember the id to take each event once: deliveries may repeat.
        console.log(id, line(body))
        response.writeHead(204).end()
    } catch (fault) {
        answer(fault instanceof Refused ? 401 : 400, fault instanceof Refused ? fault.message : "this is no event")
    }
})
server.on("error", (fault) => fail(fault.message))
server.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`))
