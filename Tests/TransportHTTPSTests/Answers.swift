import Transport

extension CarryAnswer {
    var later: TryLater? { if case .tryLater(let later) = self { later } else { nil } }
    var isReceipt: Bool { if case .receipt = self { true } else { false } }
    var isRefusal: Bool { if case .refusal = self { true } else { false } }
}

extension EnquiryAnswer {
    var later: TryLater? { if case .tryLater(let later) = self { later } else { nil } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
