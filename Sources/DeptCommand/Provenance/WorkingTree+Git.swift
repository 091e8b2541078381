import Experiments
import Foundation
import Scheduling

extension RunEnvironment.WorkingTree {
  /// The most bytes of a patch that are kept.
  static let largestPatch = 1 << 20
  /// The most files that are named or hashed.
  static let mostFiles = 200

  /// The working tree around a file, and the patch of what has changed in it.
  ///
  /// - Returns: `nil` where the file lies in none, or there is no git.
  static func around(
    _ file: URL, _ digests: FileDigests
  ) -> (tree: RunEnvironment.WorkingTree, patch: [UInt8])? {
    let folder = file.deletingLastPathComponent()
    let git = GitProgram(folder: folder.path)
    guard let commit = git.ask("rev-parse", "--verify", "--quiet", "HEAD") else {
      // A repository without a commit is one nevertheless.
      guard git.ask("rev-parse", "--git-dir") != nil else { return nil }
      var tree = RunEnvironment.WorkingTree(commit: "")
      tree.untracked = untracked(git, folder, digests)
      return (tree, [])
    }
    var tree = RunEnvironment.WorkingTree(commit: commit.text)
    tree.untracked = untracked(git, folder, digests)
    let patch = git.ask(
      "diff", "HEAD", "--binary", "--no-ext-diff", "--no-textconv", "--no-color",
      limit: largestPatch)
    guard let patch, patch.isWhole else {
      let names = git.ask("diff", "HEAD", "--name-only", "-z", "--no-ext-diff")?.names ?? []
      tree.changedFiles = Array(names.prefix(mostFiles))
      return (tree, [])
    }
    if !patch.output.isEmpty { tree.patch = ContentHash.of(patch.output) }
    return (tree, patch.output)
  }

  /// Swift files in and below the folder that git knows nothing of and that are not ignored.
  private static func untracked(
    _ git: GitProgram, _ folder: URL, _ digests: FileDigests
  ) -> [String: String] {
    let names =
      git.ask("ls-files", "--others", "--exclude-standard", "-z", "--", "*.swift")?.names ?? []
    var hashes: [String: String] = [:]
    let visible = names.filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
    for name in visible.prefix(mostFiles) {
      hashes[name] = (try? digests.digest(ofFile: folder.appending(path: name).path)) ?? ""
    }
    return hashes
  }

  /// The first digits of the commit, `+` at the end where that is not all there was.
  ///
  /// - Parameter file: the name of the experiment's file, which should be part of the commit.
  func shortCommit(_ file: String) -> String {
    guard !commit.isEmpty else { return "" }
    let isWhole = !hasChanges && untracked[file] == nil
    return commit.prefix(12) + (isWhole ? "" : "+")
  }
}
