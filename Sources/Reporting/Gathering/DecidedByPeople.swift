import Engine
import IncidentModel

/// The ends of steps that a person decided, by the numbers of their entries: an answer, a word after a failure, an
/// outcome that somebody accepted. Where a check has the last word, it is the check that decided.
struct DecidedByPeople {
  private struct Place: Hashable {
    let run: RunID?
    let step: StepID
  }

  private enum Word {
    case person
    /// A person took the check for the outcome that nobody saw: the check that follows is theirs.
    case accepted
  }

  let ends: Set<Int64>

  init(_ entries: [Entry]) {
    var (words, ends) = ([Place: Word](), Set<Int64>())
    for entry in entries {
      guard let step = entry.event.step else { continue }
      let place = Place(run: entry.event.run, step: step)
      switch entry.event.fact {
      case .stepAsked, .stepAnswered: words[place] = .person
      case .stepChosen(let choice): words[place] = Self.word(choice.choice)
      case .stepIntended: words[place] = nil
      case .stepChecked where words[place] != .accepted: words[place] = nil
      case .stepFinished: if words.removeValue(forKey: place) != nil { ends.insert(entry.sequence) }
      default: break
      }
    }
    self.ends = ends
  }

  private static func word(_ choice: StepChoice.Choice) -> Word? {
    switch choice {
    case .accept: .accepted
    case .skip, .doneByHand, .goOn, .stop: .person
    // What comes of these is what the step and its check say.
    case .retry, .check, .rollBack: nil
    }
  }
}
