/// Where a stand-in's database is.
public enum DatabasePlace: Sendable, Hashable {
  /// The path of the file.
  case sqlite(path: String)
  /// The URL, with its password.
  case postgres(url: String)

  /// What stands for it in the variables of a definition.
  var variables: [String: String] {
    switch self {
    case .sqlite(let path): ["$sqlite": path]
    case .postgres(let url): ["$postgres": url]
    }
  }

  static let names = ["$sqlite", "$postgres"]
}
