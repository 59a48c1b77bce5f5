internal import Console
internal import Engine
internal import IncidentModel
internal import Journaling

extension Assembly {
  /// Lets every screen show what a monitor may start by itself in an environment.
  func showArmed(in environment: String) {
    let directory = stateDirectory
    screen.armed.follow(environment, time) {
      // Nothing of the journal stays open between two looks, so that whoever writes it can put its log away.
      Self.briefly { (try? JournalReader(directory: directory))?.armed }
    }
  }

  /// The same while this process has the journal open.
  func showArmed(in environment: String, _ journal: Journal) {
    let reader = journal.reader
    screen.armed.follow(environment, time) { journal.isLost ? nil : Self.briefly { reader.armed } }
  }

  /// A disk that hangs must not hold up a kill switch.
  private static func briefly(_ look: @escaping @Sendable () -> ArmedPlaybooks?) -> ArmedPlaybooks? {
    Bounded.run(within: .milliseconds(300), look) ?? nil
  }
}

extension JournalReader {
  /// `nil` when the journal cannot be read: that is for whoever writes it to say.
  fileprivate var armed: ArmedPlaybooks? {
    (try? lifecycle(ArmedPlaybooks.kinds)).map { ArmedPlaybooks($0.map(\.event)) }
  }
}
