internal import CLinux
internal import Foundation
import Glibc
public import IncidentModel

/// Ownership of the one live run of a playbook in an environment: a lock that dies with its owner, so nothing
/// ever has to be forced open.
public final class RunLock: Sendable {
  /// Who holds the lock, as far as its file tells.
  public struct Holder: Sendable, Codable, Hashable {
    public var pid: Int
    public var host: String
    public var actor: String
    /// Empty until the run has its number.
    public var run: String
    public var since: Timestamp

    public init(pid: Int, host: String, actor: String, run: String, since: Timestamp) {
      self.pid = pid
      self.host = host
      self.actor = actor
      self.run = run
      self.since = since
    }
  }

  public enum Refusal: Error, Sendable {
    case held(by: Holder?)
    case unusable(JournalError)
  }

  private let descriptor: Int32

  /// A child that was being made when its parent was killed has the lock open too, until it becomes its own program.
  private static let afterlife = Duration.seconds(1)

  /// Takes the lock or throws who has it: at once when a living process does.
  public init(directory: String, playbook: String, environment: String, holder: Holder) throws(Refusal) {
    let folder = "\(directory)/locks"
    let path = Self.path(directory, playbook, environment)
    do throws(JournalError) {
      try FailPoint.pass("run-lock.before-take") { JournalError.cannotWrite(path, $0) }
      try PrivateFolder.make(folder)
    } catch { throw .unusable(error) }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unusable(.cannotWrite(path, String(cString: strerror(errno)))) }
    let begin = ContinuousClock.now
    while clinux_lock_file(descriptor, 1, 0) != 0 {
      let owner = Self.holder(path)
      guard let owner, owner.host == holder.host, owner.isGone, .now - begin < Self.afterlife else {
        throw .held(by: owner)
      }
      usleep(2000)
    }
    FailPoint.reach("run-lock.after-take")
    update(holder)
  }

  private static func path(_ directory: String, _ playbook: String, _ environment: String) -> String {
    "\(directory)/locks/\(playbook).\(environment).lock"
  }

  private static func holder(_ path: String) -> Holder? {
    (try? Data(contentsOf: URL(fileURLWithPath: path))).flatMap { try? JSONDecoder().decode(Holder.self, from: $0) }
  }

  /// Whether a living process holds the lock. Takes nothing.
  public static func isHeld(directory: String, playbook: String, environment: String) -> Bool {
    let descriptor = open(path(directory, playbook, environment), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return clinux_is_locked(descriptor) != 0
  }

  deinit { close(descriptor) }

  /// Says who holds it now. Best effort: the lock is what counts, the text is for people.
  public func update(_ holder: Holder) {
    guard let text = try? JSONEncoder().encode(holder) else { return }
    ftruncate(descriptor, 0)
    if FailPoint.reason(at: "run-lock.before-update") != nil { return }
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }
}

extension RunLock.Holder {
  /// Of a process on this machine.
  fileprivate var isGone: Bool { pid_t(exactly: pid).map { kill($0, 0) != 0 && errno == ESRCH } ?? true }
}
