internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// What a courier's request carries.
enum CourierBody {
    case none
    case whole(ByteBuffer)
    case streaming(OutgoingBody)

    var streaming: OutgoingBody? { if case .streaming(let body) = self { body } else { nil } }

    /// A whole body counts as sent once it is handed over: if the client waited for the write, an early answer of the
    /// partner would leave it waiting for ever (async-http-client 1.37: the write's future is dropped at status 300 up).
    var forClient: HTTPClient.Body? {
        switch self {
        case .none: nil
        case .streaming(let body): .stream { body.begin($0) }
        case .whole(let buffer):
            .stream(contentLength: Int64(buffer.readableBytes)) { writer in
                writer.write(.byteBuffer(buffer)).eventLoop.makeSucceededVoidFuture()
            }
        }
    }
}

/// Reads an answer of bounded size.
///
/// An answer of 300 or more may come before the body has ended, and async-http-client then drops what is sent but still
/// waits for the body's end: it is told of it here.
final class ReplyReader: HTTPClientResponseDelegate {
    typealias Response = HTTPClient.Response

    private let whole: ResponseAccumulator
    private let streaming: OutgoingBody?
    /// Of an urgent request.
    private let watch: SilenceWatch?

    init(_ request: HTTPClient.Request, streaming: OutgoingBody?, atMost most: Int, _ watch: SilenceWatch?) {
        whole = ResponseAccumulator(request: request, maxBodySize: most)
        self.streaming = streaming
        self.watch = watch
    }

    func didSendRequestHead(task: HTTPClient.Task<Response>, _ head: HTTPRequestHead) { watch?.moved() }
    func didSendRequestPart(task: HTTPClient.Task<Response>, _ part: IOData) { watch?.moved() }
    func didSendRequest(task: HTTPClient.Task<Response>) { watch?.sent() }

    func didReceiveHead(task: HTTPClient.Task<Response>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        watch?.moved()
        if head.status.code >= 300 { streaming?.end() }
        return whole.didReceiveHead(task: task, head)
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Response>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        watch?.moved()
        return whole.didReceiveBodyPart(task: task, buffer)
    }

    func didReceiveError(task: HTTPClient.Task<Response>, _ error: any Error) {
        whole.didReceiveError(task: task, error)
    }

    func didFinishRequest(task: HTTPClient.Task<Response>) throws -> Response {
        try whole.didFinishRequest(task: task)
    }
}
