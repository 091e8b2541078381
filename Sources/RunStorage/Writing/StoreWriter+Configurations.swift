import GRDB

extension StoreWriter {
  /// Forgets the configurations that no run has any longer.
  public func forgetUnusedConfigurations() throws(StoreError) {
    try writing { database in
      try database.execute(
        sql: """
          DELETE FROM configuration WHERE key NOT IN
            (SELECT configuration FROM run WHERE configuration IS NOT NULL)
          """)
    }
  }
}
