/// What every transport must do. The raw value is the sentence that a test report shows.
package enum TransportCase: String, CaseIterable, Sendable {
    case receipt = "what was sent arrives, and the receipt comes back byte for byte"
    case replay = "the same consignment again brings the same receipt and is delivered once"
    case refusal = "a signed refusal comes back byte for byte"
    case problem = "a problem is not final: the consignment is delivered once it has passed"
    case resume = "resuming from part k sends message 0 and the parts from k on"
    case parcelError = "an error of the parcel is rethrown and nothing is delivered"
    case large = "40 MiB arrive whole while the sender runs only a bounded way ahead"
    case empty = "an empty file has no parts and is delivered"
    case enquiryUnknown = "an enquiry about an unknown consignment says unknown"
    case enquiryReceipt = "an enquiry after delivery returns the receipt"
    case enquiryRefusal = "an enquiry after a refusal returns the refusal"
    case enquiryNext = "an enquiry about a half-arrived consignment names the next part"
    case statement = "a later statement reaches the desk byte for byte"
    case card = "the partner's newest card can be fetched"
}
