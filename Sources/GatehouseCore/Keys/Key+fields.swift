/// The context for checking the fields of a key.
package struct KeyContext: Sendable {
    /// The directory in which the panels of the key are looked up.
    package let directory: Directory
    /// The present instant: a key cannot expire before it.
    package let now: Instant
    /// Its organization; nil for a key above all trees.
    package var organization: OrganizationID?
    /// Finds the key with a login name.
    package let holder: @Sendable (String) -> KeyID?
    /// Makes an id for a person.
    package let makePersonID: @Sendable () -> String

    /// Joins the parts.
    package init(
        directory: Directory, now: Instant, organization: OrganizationID? = nil,
        holder: @escaping @Sendable (String) -> KeyID?, makePersonID: @escaping @Sendable () -> String
    ) {
        self.directory = directory
        self.now = now
        self.organization = organization
        self.holder = holder
        self.makePersonID = makePersonID
    }
}

extension Key: FieldSubject {
    package typealias FieldContext = KeyContext

    private static let level =
        "0: its holder reads all of an event, 1: all but credentials, 2: all but credentials and persons."
    private static let bindingPanels =
        "Of the role source: the only panels that it may tell of, a door's panel included. What names no panel, and "
        + "a source `/panels/{id}` of another, lies beyond them unless `sources` allows it."
    private static let bindingSources =
        "Of the role source: globs such as /panels/p1*; each source that it names must fit one of them."

    // swift-format-ignore
    /// The fields of a key, one row each.
    package static let fields = FieldTable<Key>("key", [
        .fixed("id", .text(), "Stands in clear inside the credential; no secret.", "id cannot change: make another key and revoke this one") { .string($0.id.text) }.no(.creation),
        .row("name", \.name, .name.answering(.text()), "What people call it.").required(),
        .row("role", \.role, .role, "What its holder may do.").required(),
        .fixed("organization", .id.orNull, "What it reaches, with all below; null for a key above all trees.", "organization cannot change: make another key and revoke this one") { .text($0.organization?.text) }.removable
            .taking(.id)
            .taking("What it reaches, with all below.").required(),
        .nullable("owner", \.owner, .owner, "The person to whom it was given; null for a program's.")
            .taking("The person to whom it is given.")
            .changing("As it is: it cannot change.").reading { $1.owner($0) },
        .nullable("login", \.login, .login, "The name by which its holder may log in beside its id; null for none.")
            .taking("A name by which its holder may log in beside its id, unique in the gateway.")
            .changing("A name by which its holder may log in beside its id; null for none.").going(before: "panels", in: .reading),
        .shown("created",  .time,        "When it was made.") { .string(RFC3339.text($0.created)) },
        .shown("accepted", .time.orNull, "When its owner first used it.") { .text($0.accepted.map { RFC3339.text($0) }) },
        .row("privacyLevel", \.privacyLevel, .privacyLevel, level)
            .taking("\(level) Where it is left out 1, or the level of the key that makes it where that is 2; a less strict one than the caller's is refused.")
            .changing("\(level) A less strict one than the caller's is refused."),
        .nullable("expiresAt", \.expiresAt, .end, "When it stops letting anybody in; null for never.")
            .taking("When it stops letting anybody in, in the future; never where it is left out.")
            .changing("When it stops letting anybody in; null for never."),
        .nullable("rate", \.rate, .rate, "How many requests a minute it may make; null for any number.")
            .taking("How many requests a minute it may make; any number where it is left out.")
            .changing("How many requests a minute it may make; null for any number."),
        .row("panels",  \.panels,  .boundPanels,  "The only panels that it may tell of; null for all.")
            .taking(bindingPanels)
            .changing("\(bindingPanels) Null for all.").removable,
        .row("sources", \.sources, .boundSources, "Globs: each source that it names must fit one of them; null for any source.")
            .taking(bindingSources)
            .changing("\(bindingSources) Null for any.").removable,
        .described("lastUsed", .time.orNull, "When it was last proved, to a minute or so; null for never."),
    ])

    /// Its fields without secrets, in the format of the native API.
    package var json: JSONObject { Self.fields.json(self) }
}

extension FieldCodec where Subject == Key, Value == Role {
    fileprivate static var role: FieldCodec {
        let words = Role.allCases.map(\.rawValue)
        return FieldCodec(
            .word(words), write: { .string($0.rawValue) }, restore: { $0.text.flatMap { Role(rawValue: $0) } }
        ) { field, _, reader in
            guard let text = reader.fields.text(field, required: true) else { return nil }
            if let role = Role(rawValue: text) { return role }
            let hint = Nearest.hint(for: text, among: words)
            return reader.fault(.outOfBounds, field, "role is one of \(words.joined(separator: ", "))\(hint)")
        }
    }
}

extension FieldCodec where Subject == Key, Value == Key.Owner {
    fileprivate static var owner: FieldCodec {
        FieldCodec(.ref("KeyOwner"), write: { .object($0.json) }, restore: { Key.Owner(json: $0) }) { _, _, _ in nil }
            .taking(.ref("KeyOwnerDraft"))
    }
}

extension FieldCodec where Subject == Key, Value == String {
    /// A login name. The store makes sure that no two keys have the same; this check gives a better message.
    fileprivate static var login: FieldCodec {
        FieldCodec(.text(pattern: LoginRule.pattern), write: { .string($0) }, restore: { $0.text }) {
            field, _, reader in
            guard let login = reader.fields.text(field, required: false) else { return nil }
            guard LoginRule.allows(login) else {
                return reader.fault(.outOfBounds, field, "login has \(LoginRule.sentence)")
            }
            if let other = reader.context.holder(login), other != reader.present?.id {
                reader.refuse(.conflict, field, "another key has this login name: choose another")
            }
            return login
        }
    }
}

extension FieldCodec where Subject == Key, Value == Instant {
    /// A future end.
    fileprivate static var end: FieldCodec {
        FieldCodec(
            .time, write: { .string(RFC3339.text($0)) },
            restore: { $0.text.flatMap { EventTime(stored: $0)?.instant } }
        ) { field, _, reader in
            reader.fields.end(field, after: reader.context.now)
        }.taking(.told)
    }
}
