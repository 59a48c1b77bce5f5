#if FAIL_POINTS
  import Glibc
  import Synchronization

  /// What is to happen at which fail point, read once from `ANDON_FAIL_POINTS`: `NAME=KIND[@N]`, several with `;`
  /// between them. `@2` means the second passage, `@*` every one; without it, the first.
  ///
  /// Kinds: `crash` (SIGKILL to itself), `error`, `no-space`, `io-error`, `delay(MILLISECONDS)`. Whatever fires is
  /// appended to the file that `ANDON_FAIL_POINTS_LOG` names, one name a line.
  public enum FailPlan {
    private enum Kind {
      case crash, error, noSpace, ioError
      case delay(UInt32)
    }

    private struct Item {
      let kind: Kind
      /// `nil`: every passage.
      let passage: Int?
    }

    private static let items: [String: [Item]] = read(getenv("ANDON_FAIL_POINTS").map { String(cString: $0) } ?? "")
    private static let passages = Mutex<[String: Int]>([:])

    @usableFromInline
    static func reason(at point: StaticString) -> String? {
      if items.isEmpty { return nil }
      let name = point.description
      guard knows(name) else { refuse("'\(name)' is not in the list") }
      let passage = passages.withLock { passages in
        passages[name, default: 0] += 1
        return passages[name] ?? 0
      }
      guard let item = items[name]?.first(where: { $0.passage == nil || $0.passage == passage }) else { return nil }
      log(name)
      switch item.kind {
      case .crash:
        kill(getpid(), SIGKILL)
        while true { pause() }
      case .delay(let milliseconds):
        usleep(milliseconds * 1000)
        return nil
      case .error: return "it failed at \(name)"
      case .noSpace: return String(cString: strerror(ENOSPC))
      case .ioError: return String(cString: strerror(EIO))
      }
    }

    private static func read(_ text: String) -> [String: [Item]] {
      var items: [String: [Item]] = [:]
      for part in text.split(separator: ";") {
        let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
        let words = sides.last?.split(separator: "@", maxSplits: 1).map(String.init) ?? []
        guard sides.count == 2, knows(sides[0]), let first = words.first,
          let kind = kind(first), words.count == 1 || words[1] == "*" || Int(words[1]) != nil
        else { refuse("'\(part)' is not NAME=KIND[@N] of a known name") }
        items[sides[0], default: []].append(Item(kind: kind, passage: words.count == 1 ? 1 : Int(words[1])))
      }
      return items
    }

    private static func kind(_ word: String) -> Kind? {
      switch word {
      case "crash": return .crash
      case "error": return .error
      case "no-space": return .noSpace
      case "io-error": return .ioError
      default:
        guard word.hasPrefix("delay("), word.hasSuffix(")") else { return nil }
        return UInt32(word.dropFirst("delay(".count).dropLast()).map(Kind.delay)
      }
    }

    private static func log(_ name: String) {
      guard let path = getenv("ANDON_FAIL_POINTS_LOG") else { return }
      let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
      let line = Array("\(name)\n".utf8)
      _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      close(descriptor)
    }

    private static func refuse(_ why: String) -> Never {
      let line = Array("andon: ANDON_FAIL_POINTS: \(why)\n".utf8)
      _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
      _exit(64)
    }
  }
#endif
