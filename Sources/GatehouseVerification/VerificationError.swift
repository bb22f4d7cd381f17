/// Why a request, or the verifier's own set-up, was refused.
///
/// Descriptions may be shown and logged: they contain neither the secret nor a signature nor any part of the body.
/// Answer 401 to every error of ``Verifier/verify(_:now:)``.
public enum VerificationError: Error, Hashable, Sendable {
    /// The secret does not begin with the prefix of its kind.
    case secretWithoutPrefix
    /// The part after the prefix is not base64.
    case secretNotBase64
    /// The key inside the secret is too short to be safe or too long to be one of ours.
    case secretLength
    /// The secret is empty, or shorter or longer than the vendor allows.
    case secretOutOfBounds
    /// A tolerance below zero would refuse everything.
    case negativeTolerance
    /// A header that the dialect always sends is not there.
    case missingHeader(String)
    /// A header occurs more than once, so that two readers could take two different values.
    case repeatedHeader(String)
    /// A header has no value.
    case emptyHeader(String)
    /// The event's id has characters that no sender uses, or a full stop, which would change the meaning of the signed
    /// text.
    case malformedIdentifier
    /// The timestamp is not a plain number of seconds.
    case malformedTimestamp
    /// Signed too long ago: delayed on the way, or captured and sent again.
    case stale(age: Duration)
    /// Signed in the future, by the receiver's clock.
    case ahead(by: Duration)
    /// No signature has a version that this library knows.
    case noKnownSignature
    /// A signature is cut off, too long or not base64.
    case malformedSignature
    /// A signature is cut off, too long or not lower-case hexadecimal.
    case malformedHexadecimal
    /// The body, which contains the signature in this dialect, is not a JSON object that all readers read alike.
    case malformedBody
    /// A field of the body that is needed for the verification is missing.
    case missingField(String)
    /// A field of the body occurs more than once, so that two readers could take two different values.
    case repeatedField(String)
    /// The time in the body does not have the signed spelling.
    case malformedTime
    /// The same signature occurs twice in one header.
    case repeatedSignature
    /// More signatures than a rotation of secrets can ever need.
    case tooManySignatures
    /// There is no token where the dialect puts one.
    case missingToken
    /// There is a token, but a different one.
    case wrongToken
    /// Well formed, but made with another secret or over other bytes.
    case wrongSignature
}

extension VerificationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .secretWithoutPrefix:
            "the secret does not begin with whsec_: copy it whole, as it was shown when the subscription was created"
        case .secretNotBase64:
            "the part after whsec_ in the secret is not base64: copy it whole, with its = signs and without spaces"
        case .secretLength:
            "the secret's key must have 24 to 64 bytes: copy the secret whole, or rotate to a new one"
        case .secretOutOfBounds:
            "the secret is shorter or longer than its contract allows: copy it whole"
        case .negativeTolerance:
            "the tolerance is below zero: give zero or more seconds; 300 is usual"
        case .missingHeader(let name):
            "the header \(name) is missing: check that no proxy removes it and that the sender uses this dialect"
        case .repeatedHeader(let name):
            "the header \(name) occurs more than once: find out which proxy adds a second one"
        case .emptyHeader(let name):
            "the header \(name) is empty: check that no proxy empties it"
        case .malformedIdentifier:
            "webhook-id takes 1 to 256 visible ASCII characters without a full stop: the sender did not make this one"
        case .malformedTimestamp:
            "webhook-timestamp takes whole seconds since 1970 in at most 15 digits: the sender did not make this one"
        case .stale(let age):
            "signed \(age.components.seconds) s ago, too long: check the clock here, or suspect a captured request"
        case .ahead(let lead):
            "signed \(lead.components.seconds) s in the future: check the clocks of both sides"
        case .noKnownSignature:
            "there is no signature of version v1: check that the sender signs with a whsec_ secret"
        case .malformedSignature:
            "a v1 signature is not the base64 of 32 bytes: it was cut off or changed on the way"
        case .malformedHexadecimal:
            "the signature is not lower-case hexadecimal of its length: it was cut off or changed on the way"
        case .malformedBody:
            "the body is not a plain JSON object: check that the sender uses this dialect and nothing changes the body"
        case .missingField(let name):
            "the body has no \(name): check that the subscription has a secret and that the sender uses this dialect"
        case .repeatedField(let name):
            "the body has \(name) more than once: the sender did not make this one"
        case .malformedTime:
            "the body's timestamp is not written as 2022-04-03T23:59:25Z: the sender did not make this one"
        case .repeatedSignature:
            "the same signature occurs twice: the header was changed on the way"
        case .tooManySignatures:
            "more than \(StandardScheme.mostSignatures) signatures in one header: it was not made by the sender"
        case .missingToken:
            "there is no token: check that the sender uses this dialect, and that no proxy removes Authorization"
        case .wrongToken:
            "the token is wrong: check that it is this subscription's, copied whole"
        case .wrongSignature:
            "the signature does not match: check that the secret is this subscription's, and verify the bytes as "
                + "they came, before any parsing"
        }
    }
}
