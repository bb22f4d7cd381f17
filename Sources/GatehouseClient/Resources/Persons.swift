extension APIClient {
    /// `/v1/persons`: what is known of persons.
    public struct Persons: Sendable {
        let client: APIClient

        /// Has a person blanked in every event that is kept, or counts the events. The gateway goes on with it by
        /// itself; the same wish told again is the one that is under way.
        ///
        /// - Parameters:
        ///   - id: the person's id, as events name it.
        ///   - organization: whose person it is, with all below.
        public func erase(
            _ id: String, of organization: String, isDryRun: Bool = false
        ) async throws(GatehouseError) -> Erasure {
            var call = Call(
                .post, Self.path(id), [("organization", organization), ("dryRun", isDryRun ? "true" : nil)])
            call.repetition = .harmless
            return try await client.value(call)
        }

        /// How far the newest wish about a person has come.
        public func erasure(of id: String, in organization: String) async throws(GatehouseError) -> Erasure {
            try await client.value(Call(.get, Self.path(id), [("organization", organization)]))
        }

        /// Ids of persons are whatever reporters call them.
        private static func path(_ id: String) -> String { "/v1/persons/\(Call.escaped(id))/erase" }
    }
}
