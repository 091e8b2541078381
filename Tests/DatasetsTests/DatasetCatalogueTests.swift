import Datasets
import Evaluation
import Testing

@Suite struct DatasetCatalogueTests {
  let catalogue = DatasetCatalogue.standard

  @Test("the names that scripts rely on are there")
  func contract() throws {
    let names = """
      mnli qqp qnli sst2 stsb mrpc rte cola multirc boolq wic wsc wsc.fixed cb record copa squad \
      nq hotpotqa searchqa newsqa winogrande yelp2 scitail paws vqa coco
      """
    for name in names.split(separator: " ") {
      let id = DatasetID(rawValue: String(name))
      #expect(try DatasetCatalogue.standard.dataset(id).id == id)
    }
  }

  @Test("names and aliases lead to the data set and are unique")
  func names() throws {
    var seen: Set<DatasetID> = []
    for dataset in catalogue.datasets {
      for name in [dataset.id] + dataset.aliases {
        #expect(seen.insert(name).inserted, "\(name) twice")
        #expect(try catalogue.dataset(name).id == dataset.id)
      }
    }
  }

  @Test("an unknown name is refused with the nearest names")
  func unknown() {
    #expect(throws: DatasetError.unknown("sst3", nearest: ["sst2"])) {
      // The alias `sst-2` is nearer than half of the name, too.
      do {
        _ = try catalogue.dataset("sst3")
      } catch DatasetError.unknown(let id, let nearest) {
        throw DatasetError.unknown(id, nearest: Array(nearest.prefix(1)))
      }
    }
    let text = "\(DatasetError.unknown("rtee", nearest: ["rte", "sst2"]))"
    #expect(text == "there is no data set 'rtee'; did you mean 'rte' or 'sst2'?")
    #expect(throws: DatasetError.unknown("zzzzzzzzzz", nearest: [])) {
      try catalogue.dataset("zzzzzzzzzz")
    }
  }

  @Test("a path is the user's own data")
  func path() throws {
    #expect(try catalogue.dataset("data/mine.jsonl") is OwnDataset)
    #expect(try catalogue.dataset("./mine") is OwnDataset)
  }

  @Test("every data set has a metric to select by among those it reports, and label names")
  func completeness() {
    for dataset in catalogue.datasets {
      #expect(!dataset.metrics.isEmpty && !dataset.title.isEmpty && !dataset.citation.isEmpty)
      #expect(dataset.metrics.contains(dataset.selection), "\(dataset.id)")
      #expect(dataset.sourceLength > 0 && dataset.targetLength > 0)
    }
  }
}
