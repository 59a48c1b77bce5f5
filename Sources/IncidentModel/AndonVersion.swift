/// The version of this program, as `andon --version` prints it.
public let andonVersion = "0.1.0"
