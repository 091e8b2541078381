import Foundation

/// The room on the disk that one transfer or one archive is about to fill; given back when the
/// value ends: a class for that reason.
final class SpaceClaim: Sendable {
  private let pool: TransferPool
  private let folder: URL
  private let quota: DiskQuota?

  init(in folder: URL, _ pool: TransferPool, _ quota: DiskQuota?) {
    self.folder = folder
    self.pool = pool
    self.quota = quota
  }

  deinit { pool.promise(0, for: self) }

  /// Claims `bytes` for `subject`, beside what other transfers have claimed.
  ///
  /// - Throws: `FetchError.noSpace` or `.overQuota`.
  func claim(_ bytes: Int, for subject: String) throws(FetchError) {
    let others = pool.outstanding(besides: self)
    if let free = FreeSpace.bytes(around: folder), bytes > max(0, free - others) {
      throw .noSpace(subject: subject, folder: folder.path, needed: bytes, free: free)
    }
    if let quota {
      let used = quota.used() + others
      guard bytes <= quota.bytes - min(quota.bytes, used) else {
        throw .overQuota(subject: subject, needed: bytes, used: used, quota: quota.bytes)
      }
    }
    pool.promise(bytes, for: self)
  }

  /// Notes that only `bytes` are still to come.
  func reduce(to bytes: Int) { pool.promise(bytes, for: self) }
}
