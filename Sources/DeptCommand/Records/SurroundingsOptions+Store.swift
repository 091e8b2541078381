import Foundation
import RunStorage

extension SurroundingsOptions {
  /// The path of the folder that the store lies in.
  var homePath: String { surroundings().home.path }

  /// The store, for reading.
  func store() throws -> RunStore { try RunStore(home: homePath) }
}
