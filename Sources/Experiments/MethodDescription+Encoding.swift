import Foundation
public import TuningMethods

extension MethodDescription {
  /// The name and the stored properties of `method`, and whether the catalogue has it.
  ///
  /// - Throws: `MethodDescriptionError.notEncodable` when the method does not encode as an object
  ///   of JSON values: it holds a NaN, or a custom `encode(to:)` writes something else.
  public init(_ method: some TuningMethod) throws(MethodDescriptionError) {
    let key = DescribedMethods.Key(method)
    if let known = DescribedMethods.shared[key] {
      self = known
    } else {
      try self.init(encoding: method)
      DescribedMethods.shared[key] = self
    }
  }

  private init(encoding method: some TuningMethod) throws(MethodDescriptionError) {
    let name = type(of: method).name
    guard case .object(let hyperparameters)? = try? JSONValue(encoding: method) else {
      throw .notEncodable(method: name)
    }
    self.init(
      name: name, hyperparameters: hyperparameters,
      source: MethodCatalogue.has(method) ? nil : MethodDescription.thisFile)
  }

  /// The method of the catalogue that this describes; what it leaves out keeps the default.
  ///
  /// - Throws: `MethodDescriptionError` where the catalogue has no such method, or it has no such
  ///   hyperparameters.
  public func catalogued() throws(MethodDescriptionError) -> any TuningMethod {
    guard let prototype = MethodCatalogue.method(named: name) else {
      throw .unknown(method: name, known: MethodCatalogue.all.map { type(of: $0).name })
    }
    return try decode(like: prototype)
  }

  private func decode<Method: TuningMethod>(like prototype: Method)
    throws(MethodDescriptionError) -> Method
  {
    do {
      var complete: [String: JSONValue] = [:]
      if case .object(let defaults)? = try? JSONValue(encoding: prototype) { complete = defaults }
      // Where the default is `nil`, or not worth writing, it is not encoded.
      let stored = Mirror(reflecting: prototype).children.compactMap(\.label)
      let known = Set(complete.keys).union(stored).sorted()
      for field in hyperparameters.keys.sorted() where !known.contains(field) {
        throw MethodDescriptionError.malformed(
          method: name, field: field,
          problem: "is unknown\(NearestName.hint(for: field, among: known))")
      }
      complete.merge(hyperparameters) { $1 }
      return try JSONValue.object(complete).decoded(as: Method.self)
    } catch let error as MethodDescriptionError {
      throw error
    } catch DecodingError.keyNotFound(let key, _) {
      throw .malformed(method: name, field: key.stringValue, problem: "is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context)
    {
      let field = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw mistyped(field.isEmpty ? wrongField(like: prototype) : field)
    } catch {
      throw .malformed(method: name, field: "", problem: "\(error)")
    }
  }
}

extension MethodDescription {
  /// The one hyperparameter that cannot be read beside the defaults of all others, where the
  /// decoder has not said which.
  private func wrongField<Method: TuningMethod>(like prototype: Method) -> String {
    guard case .object(let defaults)? = try? JSONValue(encoding: prototype) else { return "" }
    return hyperparameters.keys.sorted().first { key in
      var one = defaults
      one[key] = hyperparameters[key]
      let data = try? JSONEncoder().encode(JSONValue.object(one))
      return data.map { (try? JSONDecoder().decode(Method.self, from: $0)) == nil } ?? true
    } ?? ""
  }

  private func mistyped(_ field: String) -> MethodDescriptionError {
    let text = hyperparameters[field].flatMap { try? JSONEncoder().encode($0) }
    let value = text.map { ", \(String(decoding: $0, as: UTF8.self))" } ?? ""
    return .malformed(method: name, field: field, problem: "has a value of another type\(value)")
  }
}

/// Why a method and its description do not fit.
public enum MethodDescriptionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The hyperparameters are not a JSON object of finite values.
  case notEncodable(method: String)
  /// The catalogue has no method of this name.
  case unknown(method: String, known: [String])
  /// A hyperparameter is missing, unknown or of another type.
  case malformed(method: String, field: String, problem: String)

  public var description: String {
    switch self {
    case .notEncodable(let method):
      "the method '\(method)' does not encode as named hyperparameters with finite values; "
        + "leave its Codable conformance to the compiler and keep NaN and infinity out of it"
    case .unknown(let method, let known):
      "the catalogue has no method '\(method)'\(NearestName.hint(for: method, among: known))"
    case .malformed(let method, let field, let problem):
      "the hyperparameter '\(field)' of the method '\(method)' \(problem); "
        + "'dept methods' lists what it takes"
    }
  }
}
