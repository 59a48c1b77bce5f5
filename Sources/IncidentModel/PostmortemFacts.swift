/// How far people are with the report of an incident.
public enum PostmortemStage: String, Sendable, Codable, CaseIterable {
  case draft
  case inReview = "in_review"
  case reviewed
  /// Nothing is left of it.
  case closed

  /// `in review`, for people.
  public var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}

/// The report of an incident came to another stage, or back to an earlier one. The last word holds.
public struct PostmortemStatus: Sendable, Hashable, Codable {
  public var stage: PostmortemStage
  public var why: String?

  public init(stage: PostmortemStage, why: String? = nil) {
    self.stage = stage
    self.why = why
  }
}
