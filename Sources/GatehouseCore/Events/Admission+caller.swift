extension Admission {
    /// Who hands an event in, as far as that decides what may be told.
    public struct Caller: Sendable {
        /// Whose events it may tell of, with all below; nil for a caller above all trees.
        public var organization: OrganizationID?
        /// What its key may do: ``Catalogue/Row/teller`` says which kinds take more than posting.
        public var role: Role
        /// The only panels that it may tell of; nil for all.
        public var panels: [PanelID]?
        /// Globs: each source that it names must fit one of them; nil for any source.
        public var sources: [String]?

        /// The only panel that it may tell of; nil where there are several, or all.
        var onlyPanel: PanelID? { panels?.count == 1 ? panels?.first : nil }

        /// A caller of that role.
        public init(of organization: OrganizationID?, role: Role) {
            self.organization = organization
            self.role = role
        }

        /// The holder of a key.
        public init(_ key: Key) {
            self.init(of: key.organization, role: key.role)
            self.panels = key.panels
            self.sources = key.sources
        }

        /// Holds an event against what a key is bound to. What is derived counts: an event at a door is one of the
        /// door's panel.
        ///
        /// A key that is bound to panels alone may not tell what names none, and may not speak as another panel, under
        /// a source `/panels/{id}`; one that is bound to sources too is trusted in theirs.
        ///
        /// - Throws: ``ValidationError/Code/forbidden``, naming what lies beyond.
        func checkReach(of parts: Event.Parts) throws(ValidationError) {
            let segments = Self.segments(of: parts.source)
            guard sources == nil && panels == nil || !segments.contains(".") && !segments.contains("..") else {
                throw ValidationError(
                    .forbidden, field: "source",
                    "this key is bound, and may not post as \"\(parts.source)\", which steps through a path by dots")
            }
            if let sources, !sources.contains(where: { KindGlob.matches(parts.source, $0) }) {
                throw ValidationError(
                    .forbidden, field: "source",
                    "this key is bound to the sources \(sources.joined(separator: ", ")), and may not post as "
                        + "\"\(parts.source)\"")
            }
            guard let panels else { return }
            try check(parts.data["panel"]?.text, "data.panel", panels)
            if sources == nil, let panel = Self.panel(of: segments) { try check(panel, "source", panels) }
        }

        private func check(_ panel: String?, _ field: String, _ panels: [PanelID]) throws(ValidationError) {
            let list = panels.map(\.text).joined(separator: ", ")
            guard let panel else {
                guard sources == nil else { return }
                throw ValidationError(
                    .forbidden, field: field, "this key is bound to the panels \(list), and the event names none")
            }
            guard !panels.contains(PanelID(panel)) else { return }
            throw ValidationError(
                .forbidden, field: field, "this key is bound to the panels \(list), and may not tell of \"\(panel)\"")
        }

        /// The panel that a source `/panels/{id}`, or one below it, speaks for, in any spelling of the path.
        private static func panel(of segments: [Substring]) -> String? {
            guard segments.first?.lowercased() == "panels" else { return nil }
            return segments.dropFirst().first.map(String.init) ?? ""
        }

        /// The segments of a source's path, without its scheme and host, empty ones left out (RFC 3986, section 3).
        private static func segments(of source: String) -> [Substring] {
            var path = source[...]
            if let start = path.firstRange(of: "://") {
                path = path[start.upperBound...].drop { $0 != "/" }
            }
            return path.prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
        }
    }
}
