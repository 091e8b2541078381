public import Documents
public import Experiments

extension Note: Cell {
  public func blocks(_ results: ResultSet) -> [Block] { [.note(markdown: markdown)] }
}
