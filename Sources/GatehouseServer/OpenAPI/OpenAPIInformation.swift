internal import GatehouseCore
internal import HTTPTypes

/// The document's text about the whole API, and about what the document leaves out.
enum OpenAPIInformation {
    /// The document's `info`.
    static var json: JSON {
        [
            "title": "Gatehouse", "version": .string(GatehouseVersion.text),
            "summary": "A durable webhook gateway for physical access control.",
            "description": .string(description),
            "license": ["name": "Apache License 2.0", "identifier": "Apache-2.0"],
        ]
    }

    /// What is left out, and why.
    static let leftOut =
        "What vendors' clients call is not described here: those routes are the vendors' contracts, written down in "
        + "their documents. `docs/routes.md` lists them beside these, and `docs/dialects/` tells of each."

    private static var description: String {
        """
        Events come in once; every subscriber gets them in the wire format of the system it was written for, signed, \
        and never lost.

        **Who calls** says so by a key, `Authorization: Bearer gk_…`. A key belongs to an organization and reaches it \
        and all below it; what it does not reach is answered as if it were not there. Its role says which routes it \
        may call.

        **Refusals** are problems by RFC 9457, `application/problem+json`: compare `type`, show `detail` to people. A \
        field or a parameter that a route does not know is refused, never ignored; so is a body of a route that has no \
        fields, except `{}`. A path that is called by another method answers 405 with `Allow`, one that there is not \
        404; `HEAD` is answered wherever `GET` is, and `OPTIONS` everywhere. What is no HTTP, or has a head of more \
        than 80 KiB, is answered by the connection itself: 400 without a body.

        **Bodies** may be compressed, `Content-Encoding: gzip`; the bounds hold for what they are when decoded. \
        Another coding is 415, with `Accept-Encoding: gzip`. `Expect: 100-continue` is answered by 100 where the body \
        will be read and by the final status where not; another expectation is 417.

        **Lists** come in pages, `{"items": […], "next": …}`: ask again with `cursor` = `next` until it is null.

        **Changes** are merged (RFC 7396): what a `PATCH` does not name stays, `null` asks for what holds where \
        nothing is said.

        \(leftOut)

        **Not built yet**, and answered 501: \(notBuilt).
        """
    }

    private static var notBuilt: String {
        (NotBuilt.routes + NotBuilt.open).map { "`\($0.method.rawValue) \($0.pattern)`" }.joined(separator: ", ")
    }
}
