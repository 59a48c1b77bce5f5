/// Texts that would do something if anybody took them for more than texts.
public enum HostileTexts {
  /// Of every kind, all different.
  public static let all: [String] = [
    shell, sql, templates, headers, paths, arguments, terminal, markdown, html, csv, mermaid,
  ].flatMap { $0 }

  /// Each text of `all` in front of some others: what one part of a program lets through opens the way for the next.
  public static let pairs: [String] = all.enumerated().flatMap { index, text in
    [7, 31, 64].map { text + all[(index + $0) % all.count] }
  }

  /// `MARK` stands for a file that must not come into being.
  public static let shell: [String] = [
    "; touch MARK", "$(touch MARK)", "`touch MARK`", "| touch MARK", "&& touch MARK", "|| touch MARK", "\ntouch MARK\n",
    "' ; touch MARK ; '", "\" ; touch MARK ; \"", "${IFS}touch${IFS}MARK", "> MARK", "$((`touch MARK`))",
    "& touch MARK &",
    "\\\ntouch MARK", "a'b\"c\\d", "*", "~root", "!!", "#", "<(touch MARK)", "%s%n%x", "$0 $@ $#",
  ]
  public static let sql: [String] = [
    "'; DROP TABLE orders; --", "\" OR 1=1 --", "' OR '1'='1", "1; DELETE FROM orders", "\\'; DROP TABLE orders; --",
    "$1", "$$; DROP TABLE orders; $$", "'/**/UNION/**/SELECT/**/1--", "x' || pg_sleep(10) || '", "E'\\047'", "?1",
    ":name",
    "\u{BF}' OR 1=1 --", "COPY orders TO PROGRAM 'touch MARK'", "NULL", "0x27",
  ]
  public static let templates: [String] = [
    "${params.secret}", "${run.id}", "$${run.id}", "{{run.id}}", "{{{run}}}", "{{#steps}}x{{/steps}}", "{{>told}}",
    "{{=<% %>=}}",
    "{{! comment }}", "${", "}", "{{", "${1/0}", "${'${run.id}'}", "{{% CONTENT_TYPE:HTML}}", "<%= 7*7 %>", "#{7*7}",
  ]
  public static let headers: [String] = [
    "x\r\nX-Injected: 1", "x\nX-Injected: 1", "x\r\n\r\nGET /evil HTTP/1.1", "x\u{B}y", "x: y", "x\u{85}y",
    "x\u{2028}y", "\r", "\r\n",
    "chunked\r\nTransfer-Encoding: chunked",
  ]
  public static let paths: [String] = [
    "../../etc/passwd", "..", ".", "%2e%2e/%2e%2e", "/etc/passwd", "a/../b", "..;/admin", "..\\..\\x",
    "//evil.example.com",
    "@evil.example.com/", "?admin=1", "#fragment", "a b", "http://evil.example.com/", "file:///etc/passwd", "%00",
    "%0d%0a",
  ]
  public static let arguments: [String] = [
    "-rf", "--help", "-", "--", "@/etc/passwd", "-oProxyCommand=touch MARK", "--config=@MARK", "=@/etc/passwd", "-x y",
    "+x",
    "\u{2D}\u{200B}", "@", "-\u{301}rf", "@\u{301}x",
  ]
  /// What moves a cursor, names a window, writes a clipboard, or turns the order of what is read.
  public static let terminal: [String] = [
    "\u{1B}[2J", "\u{1B}[1A\u{1B}[K", "\u{1B}[31mred", "\u{1B}]0;title\u{7}", "\u{1B}]52;c;ZXZpbA==\u{7}",
    "\u{1B}P$q\u{1B}\\",
    "\u{1B}]8;;http://evil.example.com\u{1B}\\x\u{1B}]8;;\u{1B}\\", "\u{1B}c", "\u{9B}2J", "\u{9D}0;x\u{9C}",
    "\u{90}x\u{9C}",
    "over\rwritten", "back\u{8}\u{8}\u{8}", "bell\u{7}", "\u{C}page", "\u{E}shift", "\u{7F}", "\u{202E}txt.exe",
    "\u{2066}iso\u{2069}",
    "zero\u{200B}width", "\u{FEFF}bom", "\u{E0041}\u{E0042}tags", "\u{1B}[6n", "\u{1B}[?1049h", "\u{1B}[5i", "\u{1B}%G",
    "\u{5}",
    "\u{61C}\u{180E}", "\u{E0101}\u{34F}",
  ]
  public static let markdown: [String] = [
    "# heading", "a | b | c", "```\ncode\n```", "~~~\nx\n~~~", "---", "===", "- item", "1. item", "> quote",
    "[a](javascript:alert(1))",
    "![x](http://evil.example.com/x.png)", "**b** _i_ ~~s~~", "<!-- andon:end timeline -->", "[^1]",
    "[a]: http://evil.example.com",
    "line\n\n## Heading\n\n| a | b |\n|---|---|\n| c | d |", "\\| \\", "$x$", "&lt;", "    code", "|\u{301}",
    "`\u{301}``", "|---|",
    "<details>", "* x", "+ x", "1) x", "\n\n\n",
  ]
  public static let html: [String] = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "\"><b>",
    "</td></tr></table>", "<!--",
    "-->", "<iframe src=//evil.example.com>", "&#x3C;script&#x3E;", "<a href='javascript:alert(1)'>",
    "<style>*{}</style>",
    "<![CDATA[x]]>",
  ]
  public static let csv: [String] = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "=cmd|' /C calc'!A1", "a,b", "a\"b", "a\r\nb,c",
    "\"=1+1\"", "=HYPERLINK(\"http://evil.example.com\")", ";=1", "\",=1,\"", "\"\u{301},=1",
  ]
  public static let mermaid: [String] = [
    "x :crit, a, b", "title x\n  section y", "%%{init: {}}%%", "click a href \"http://evil.example.com\"", "a;b",
    "#35;", "}\n```",
    "gantt", "section x",
  ]
}
