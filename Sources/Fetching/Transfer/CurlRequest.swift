import CCurl
import Foundation

/// One HTTP GET through libcurl.
struct CurlRequest {
  var url: String
  /// The first byte wanted.
  var offset = 0
  /// The version that the bytes before `offset` belong to.
  var validator: String?
  /// Sent as `Authorization: Bearer …` to the first host only.
  var token: String?
  /// Whose signatures are trusted, instead of what the system trusts.
  var authorities = CertificateAuthorities()

  /// How the exchange ended, below HTTP.
  enum Ending {
    /// An answer was received in full.
    case answered
    /// The sink ended it.
    case stopped
    /// The connection failed; trying again may help unless `isFinal`.
    case failed(reason: String, isFinal: Bool)
  }

  /// Sends the request and feeds the answer to `sink`.
  func perform(into sink: TransferSink) -> Ending {
    CurlRequest.start
    guard let handle = curl_easy_init() else {
      return .failed(reason: "libcurl could not be started", isFinal: true)
    }
    defer { curl_easy_cleanup(handle) }
    var headers: UnsafeMutablePointer<curl_slist>?
    defer { curl_slist_free_all(headers) }
    if let token { headers = curl_slist_append(headers, "Authorization: Bearer \(token)") }
    if offset > 0, let validator { headers = curl_slist_append(headers, "If-Range: \(validator)") }

    let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { words.deallocate() }

    configure(handle)
    _ = dept_curl_set_error_buffer(handle, words)
    if let headers { _ = dept_curl_set_headers(handle, headers) }
    let context = Unmanaged.passUnretained(sink).toOpaque()
    _ = dept_curl_set_header_reader(
      handle,
      { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        Unmanaged<TransferSink>.fromOpaque(context).takeUnretainedValue()
          .readHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
      }, context)
    _ = dept_curl_set_body(
      handle,
      { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let sink = Unmanaged<TransferSink>.fromOpaque(context).takeUnretainedValue()
        let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return sink.readBody(piece) ? size * count : 0
      }, context)

    let code = withExtendedLifetime(sink) { curl_easy_perform(handle) }
    if code == CURLE_OK { return .answered }
    if code == CURLE_WRITE_ERROR { return .stopped }
    let said = String(cString: words)
    var reason = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
    if code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE {
      reason += "; CURL_CA_BUNDLE names the certificates of a network that has its own"
    }
    return .failed(reason: reason, isFinal: CurlRequest.final.contains(code.rawValue))
  }

  private func configure(_ handle: UnsafeMutableRawPointer) {
    _ = dept_curl_set_string(handle, CURLOPT_URL, url)
    _ = dept_curl_allow_http_only(handle, url.hasPrefix("https://") ? 1 : 0)
    _ = dept_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 1)
    _ = dept_curl_set_long(handle, CURLOPT_MAXREDIRS, 10)
    _ = dept_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    _ = dept_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, 20)
    // A stalled connection ends after 30 seconds, however large the file is.
    _ = dept_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    _ = dept_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, 30)
    _ = dept_curl_set_string(handle, CURLOPT_USERAGENT, "dept")
    if let file = authorities.file { _ = dept_curl_set_string(handle, CURLOPT_CAINFO, file) }
    if let folder = authorities.folder { _ = dept_curl_set_string(handle, CURLOPT_CAPATH, folder) }
    if offset > 0 { _ = dept_curl_set_string(handle, CURLOPT_RANGE, "\(offset)-") }
  }

  /// Faults that come again however often one tries.
  private static let final: Set<UInt32> = [
    CURLE_UNSUPPORTED_PROTOCOL.rawValue, CURLE_URL_MALFORMAT.rawValue,
    CURLE_PEER_FAILED_VERIFICATION.rawValue, CURLE_SSL_CACERT_BADFILE.rawValue,
    CURLE_TOO_MANY_REDIRECTS.rawValue,
  ]

  private static let start: Void = {
    curl_global_init(Int(CURL_GLOBAL_ALL))
  }()
}
