internal import Console
internal import Glibc
internal import IncidentModel
internal import Reporting

extension Assembly {
  /// How reports are laid out: as wide as the terminal they go to, 80 columns where they go elsewhere.
  var layout: TextOptions {
    TextOptions(width: isatty(STDOUT_FILENO) == 1 ? screen.policy.width : 80, now: time.read().wall)
  }
}
