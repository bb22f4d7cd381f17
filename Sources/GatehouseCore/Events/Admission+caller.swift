extension Admission {
    /// The caller that posts an event, with the rights that the admission checks.
    public struct Caller: Sendable {
        /// The organization that it may report events of, with all below it; nil for a caller above all trees.
        public var organization: OrganizationID?
        /// The role of its key: ``Catalogue/Row/teller`` says which kinds need more than the right to post.
        public var role: Role
        /// The only panels that it may report events of; nil for all.
        public var panels: [PanelID]?
        /// Globs: every source that it names must match one of them; nil for any source.
        public var sources: [String]?

        /// The only panel that it may report events of; nil if there are several, or all.
        var onlyPanel: PanelID? { panels?.count == 1 ? panels?.first : nil }

        /// A caller with that role.
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

        /// Checks an event against the panels and sources that a key is bound to. Derived facts count: an event at a
        /// door belongs to the door's panel.
        ///
        /// A key that is bound only to panels may not report an event without a panel, and may not use another panel's
        /// source `/panels/{id}`. A key that is also bound to sources is trusted in its sources.
        ///
        /// - Throws: ``ValidationError/Code/forbidden``, with the panel or source outside the binding.
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

        /// The panel of a source `/panels/{id}`, or of a source below it, in any spelling of the path.
        private static func panel(of segments: [Substring]) -> String? {
            guard segments.first?.lowercased() == "panels" else { return nil }
            return segments.dropFirst().first.map(String.init) ?? ""
        }

        /// The segments of a source's path, without its scheme and host and without empty segments (RFC 3986, section
        /// 3).
        private static func segments(of source: String) -> [Substring] {
            var path = source[...]
            if let start = path.firstRange(of: "://") {
                path = path[start.upperBound...].drop { $0 != "/" }
            }
            return path.prefix { $0 != "?" && $0 != "#" }.split(separator: "/")
        }
    }
}
