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
      guard let reader = try? JournalReader(directory: directory) else { return nil }
      return reader.armed
    }
  }

  /// The same while this process has the journal open.
  func showArmed(in environment: String, _ reader: JournalReader) {
    screen.armed.follow(environment, time) { reader.armed }
  }
}

extension JournalReader {
  /// `nil` when the journal cannot be read: that is for whoever writes it to say.
  fileprivate var armed: ArmedPlaybooks? {
    (try? lifecycle(ArmedPlaybooks.kinds)).map { ArmedPlaybooks($0.map(\.event)) }
  }
}
