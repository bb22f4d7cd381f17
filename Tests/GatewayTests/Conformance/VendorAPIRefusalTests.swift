internal import GatehouseCore
internal import GatehouseDialects
internal import HTTPTypes
import Testing

/// Every refusal below a vendor's root has the vendor's form: at every operation of every vendor's API.
@Suite(.timeLimit(.minutes(5))) struct VendorAPIRefusalTests {
    @Test func invalidJSONIsRefusedInTheVendorsForm() async throws {
        try await VendorAPIs.each(where: { $0.route.takesBody }) { apis, operation, request in
            for type in ["text/plain", "application/json; charset=latin1", "application/x-www-form-urlencoded"] {
                var request = request
                request.type = type
                VendorAPIs.expectRefusal(try await apis.send(request), 415, operation, type)
            }
            var large = request
            large.body = .string(String(repeating: "x", count: 300_000))
            VendorAPIs.expectRefusal(try await apis.send(large), 413, operation, "a large body")
        }
    }

    @Test func otherMethodsAndLongTargetsAreRefusedInTheVendorsForm() async throws {
        try await VendorAPIs.each { apis, operation, request in
            for end in ["", "/"] {
                var other = request
                other.method = .patch
                other.path += end
                let answer = try await apis.send(other)
                VendorAPIs.expectRefusal(answer, 405, operation, "PATCH")
                #expect(answer.field("allow")?.contains(operation.route.method.rawValue) == true, "\(operation)")
                var long = request
                long.path += end
                long.query.append(("x", String(repeating: "x", count: 1600)))
                VendorAPIs.expectRefusal(try await apis.send(long), 414, operation, "a long target")
            }
        }
    }

    @Test func everyPathBelowARootAnswersInTheVendorsForm() async throws {
        try await VendorAPIs.run { apis in
            for operation in VendorAPIs.operations {
                for root in Dialects.all.first(where: { $0.name.text == operation.vendor.name })?.manage?.roots ?? [] {
                    for end in ["/no/such/path/at/all", "/no/such/path/at/all/", "/%zz", "/a//b//c//d//e"] {
                        for method in [HTTPRequest.Method.get, .post, .delete, .patch] {
                            let answer = try await apis.gateway.send(method, root + end)
                            #expect(answer.status != 404 || !answer.text.contains("uid"), "\(root)\(end)")
                            VendorAPIs.expectRefusal(answer, 404, operation, "\(root)\(end)")
                        }
                    }
                }
            }
            let native = try await apis.gateway.get("/v1/nothing")
            #expect(native.status == 404 && native.field("content-type") == "application/problem+json")
            #expect(try await apis.gateway.get("/v1/panels/").status == 404, "the native API is strict")
        }
    }

    @Test func missingCredentialIsRefusedInTheVendorsForm() async throws {
        try await VendorAPIs.each { apis, operation, request in
            for key in [nil, "x", "gk_0123456789abcdef_" + String(repeating: "0", count: 64)] where operation.isKeyed {
                for end in ["", "/"] {
                    var request = request
                    request.key = key
                    request.path += end
                    VendorAPIs.expectRefusal(try await apis.send(request), 401, operation, key ?? "no key")
                }
            }
            guard case .triggered = operation.route.access, !request.query.isEmpty else { return }
            var request = request
            request.query = [("secret", "x")]
            VendorAPIs.expectRefusal(try await apis.send(request), 404, operation, "a wrong secret")
            request.query = []
            VendorAPIs.expectRefusal(try await apis.send(request), 422, operation, "no secret")
        }
    }

    @Test func callerBeyondItsRateIsRefusedInTheVendorsForm() async throws {
        try await VendorAPIs.each(where: { $0.isKeyed }) { apis, operation, request in
            var request = request
            let key = try await apis.gateway.make(
                "/v1/keys", ["name": "R", "role": "manager", "organization": "acme", "rate": 1, "privacyLevel": 0])
            request.key = try #require(key["key"]?.text)
            _ = try await apis.send(request)
            let answer = try await apis.send(request)
            VendorAPIs.expectRefusal(answer, 429, operation)
            #expect(answer.field("retry-after") != nil, "\(operation)")
        }
    }
}
