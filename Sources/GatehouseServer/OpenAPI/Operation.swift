internal import GatehouseCore
internal import HTTPTypes

/// One route in the document: one row of a ``Subject``. The access, the parameters of the query and the problems that
/// follow from them come from the route itself, and are not repeated.
///
/// ```swift
/// .post("/v1/panels", "addPanel", "Makes a panel").takes("PanelDraft", draft).makes("Panel", panel).fails(.conflict)
/// ```
struct Operation: Sendable {
    let method: HTTPRequest.Method
    /// The route's pattern.
    let path: String
    /// Its name for programs, unique in the document.
    let id: String
    /// What it does, in a few words.
    let summary: String
    /// More description, in Markdown.
    private(set) var about = ""
    /// The header fields that it reads, by the names of ``Parameter/headers``.
    private(set) var headers: [String] = []
    /// The required parameters of the query.
    private(set) var required: Set<String> = []
    /// Whether a client proves itself by its id and secret instead of a key.
    private(set) var provesClient = false
    /// The request body.
    private(set) var body: Body?
    /// The successful answers, and refusals in another form than ours.
    private(set) var answers: [Answer] = []
    /// The kinds of problems in addition to those that follow from the route.
    private(set) var problems: [ProblemKind] = []

    private init(_ method: HTTPRequest.Method, _ path: String, _ id: String, _ summary: String) {
        self.method = method
        self.path = path
        self.id = id
        self.summary = summary
    }

    static func get(_ path: String, _ id: String, _ summary: String) -> Operation { .init(.get, path, id, summary) }
    static func post(_ path: String, _ id: String, _ summary: String) -> Operation { .init(.post, path, id, summary) }
    static func patch(_ path: String, _ id: String, _ summary: String) -> Operation { .init(.patch, path, id, summary) }

    /// A deletion, which answers 204 without a body.
    static func delete(_ path: String, _ id: String, _ summary: String) -> Operation {
        var operation = Operation(.delete, path, id, summary)
        operation.answers = [Answer(.noContent, "It is gone.")]
        return operation
    }

    // MARK: Building

    /// Adds description.
    func saying(_ words: String) -> Operation { with { $0.about = words } }

    /// Reads a header field.
    func reads(_ header: String) -> Operation { with { $0.headers.append(header) } }

    /// Requires a parameter of the query.
    func requires(_ parameter: String) -> Operation { with { $0.required.insert(parameter) } }

    /// Asks for a client's id and secret.
    var provingClient: Operation { with { $0.provesClient = true } }

    /// Takes one JSON object; a change also with the media type of RFC 7396.
    func takes(_ schema: String, _ sample: JSON, isRequired: Bool = true) -> Operation {
        let types = method == .patch ? ["application/json", "application/merge-patch+json"] : ["application/json"]
        let media = types.map { Media($0, .ref(schema), [("", sample)]) }
        return with { $0.body = Body(media: media, isRequired: isRequired, isObject: true) }
    }

    /// Takes bodies of several media types.
    func takes(_ media: [Media]) -> Operation {
        with { $0.body = Body(media: media, isRequired: true, isObject: false) }
    }

    /// Answers 200 with a JSON object.
    func answers(_ schema: String, _ sample: JSON) -> Operation {
        answers(Answer(.ok, "As asked.", [Media("application/json", .ref(schema), [("", sample)])]))
    }

    /// Answers 201 with the created thing and its location.
    func makes(_ schema: String, _ sample: JSON) -> Operation {
        var answer = Answer(.created, "Made.", [Media("application/json", .ref(schema), [("", sample)])])
        answer.headers = ["Location"]
        return answers(answer)
    }

    /// Adds another answer.
    func answers(_ answer: Answer) -> Operation { with { $0.answers.append(answer) } }

    /// May find a fault in the request.
    func fails(_ codes: ValidationError.Code...) -> Operation { with { $0.problems += codes.map { .fault($0) } } }

    /// May refuse with other problems.
    func fails(_ kinds: ProblemKind.Own...) -> Operation { with { $0.problems += kinds.map { .own($0) } } }

    private func with(_ change: (inout Operation) -> Void) -> Operation {
        var operation = self
        change(&operation)
        return operation
    }
}

extension Operation {
    /// The body of a request.
    struct Body: Sendable {
        let media: [Media]
        let isRequired: Bool
        /// Whether it is an object of the gateway's own API, where masks are refused. Events may contain any text.
        let isObject: Bool
    }

    /// Content of one media type.
    struct Media: Sendable {
        let type: String
        let schema: Schema
        /// Examples by name; a single one needs no name.
        let samples: [(name: String, value: JSON)]

        init(_ type: String, _ schema: Schema, _ samples: [(String, JSON)]) {
            self.type = type
            self.schema = schema
            self.samples = samples.map { (name: $0.0, value: $0.1) }
        }
    }

    /// One answer that is not one of our problems.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let sentence: String
        let media: [Media]
        /// Header fields in addition to those of every answer, by the names of ``AnswerHeader``.
        var headers: [String] = []

        init(_ status: HTTPResponse.Status, _ sentence: String, _ media: [Media] = []) {
            self.status = status
            self.sentence = sentence
            self.media = media
        }
    }
}
