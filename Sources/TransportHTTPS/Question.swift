internal import NIOHTTP1
internal import Transport

/// One request to a partner, before it is sent.
struct Question {
    let method: HTTPMethod
    let path: String
    var body = CourierBody.none
    /// Of the body, if there is one.
    var mediaType = Wire.cms
    /// Bytes of the answer's body.
    var most = Wire.greatestStatement
    /// Bytes that the partner puts on its disk before it answers.
    var toSync: Int64 = 0
    /// Ends it if nothing moves.
    var watch: SilenceWatch?

    init(_ method: HTTPMethod, _ path: String, _ body: CourierBody = .none) {
        (self.method, self.path, self.body) = (method, path, body)
    }

    /// A consignment, from a part on.
    static func put(_ parcel: any Parcel, from part: Int, _ body: CourierBody) -> Question {
        var question = Question(.PUT, Wire.path(of: parcel.id, from: part), body)
        question.toSync = parcel.size
        return question
    }
}
