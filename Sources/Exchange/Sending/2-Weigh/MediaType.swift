/// The media type that a file's extension promises. Only a hint for the recipient; nothing is decided by it.
enum MediaType {
    static func of(_ name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
        return table[String(name[name.utf8.index(after: dot)...]).lowercased()] ?? unknown
    }

    private static let unknown = "application/octet-stream"
    private static let office = "application/vnd.openxmlformats-officedocument."

    /// IANA media types of what agencies exchange.
    private static let table = [
        "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "json": "application/json",
        "xml": "application/xml", "html": "text/html", "htm": "text/html", "rtf": "application/rtf",
        "eml": "message/rfc822", "msg": "application/vnd.ms-outlook", "zip": "application/zip",
        "doc": "application/msword", "docx": office + "wordprocessingml.document",
        "xls": "application/vnd.ms-excel", "xlsx": office + "spreadsheetml.sheet",
        "ppt": "application/vnd.ms-powerpoint", "pptx": office + "presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "tif": "image/tiff",
        "tiff": "image/tiff", "heic": "image/heic", "dcm": "application/dicom", "mp4": "video/mp4",
        "mov": "video/quicktime", "avi": "video/x-msvideo", "mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4",
    ]
}
