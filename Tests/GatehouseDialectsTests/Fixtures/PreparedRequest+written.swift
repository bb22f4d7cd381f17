internal import GatehouseCore
internal import HTTPTypes

extension PreparedRequest {
    /// The request as text, as it is sent, for golden files.
    var written: String {
        let fields = headers.map { "\($0.name.rawName): \($0.value)" }
        return (["\(method.rawValue) \(url.text)"] + fields + ["", String(decoding: body, as: UTF8.self)])
            .joined(separator: "\n")
    }
}
