extension JSONObject {
    /// An event's data with what a level withholds taken out: 1 takes credentials, 2 takes credentials and persons.
    ///
    /// Fields are judged by the table of blocks; inside open blocks, at any depth, by ``OpenFields``. What identifies a
    /// thing in the directory, the kind, `credential.form` and `access.method` are never withheld.
    public func redacted(to level: PrivacyLevel) -> JSONObject {
        guard level > .everything else { return self }
        return JSONObject(
            members.compactMap { member in
                guard let block = Block(rawValue: member.key) else { return nil }
                return JSONObject.Member(member.key, member.value.redacted(as: BlockTable.shape(of: block), to: level))
            })
    }
}

extension JSON {
    fileprivate func redacted(as shape: BlockShape, to level: PrivacyLevel) -> JSON {
        switch shape {
        case .identifier, .word: self
        case .fields(let rules), .open(let rules): redacted(by: rules, to: level)
        }
    }

    private func redacted(by rules: [FieldRule], to level: PrivacyLevel) -> JSON {
        guard case .object(let object) = self else { return self }
        return .object(
            JSONObject(
                object.members.compactMap { member in
                    guard let rule = rules.first(where: { $0.name == member.key }) else {
                        return OpenFields.redacted(member, to: level)
                    }
                    if rule.isWithheld(member.value, at: level) { return nil }
                    return JSONObject.Member(member.key, OpenFields.redacted(member.value, to: level))
                }))
    }
}
