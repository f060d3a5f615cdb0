package dev.turnout.app.command.dlq;

import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.dlq.Resolution;
import dev.turnout.topic.DeadLetterState;
import dev.turnout.topic.LogText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells on the way what a replay or a drop does with each letter, and sums up. */
final class ResolutionReport implements Resolution.Listener {
  private final PrintWriter out;
  private final DeadLetterState target;
  private final boolean dryRun;
  private final List<String> done = new ArrayList<>();
  private final List<String> before = new ArrayList<>();
  private final Map<String, String> failed = new LinkedHashMap<>();

  ResolutionReport(PrintWriter out, DeadLetterState target, boolean dryRun) {
    this.out = out;
    this.target = target;
    this.dryRun = dryRun;
  }

  @Override
  public void done(Letter letter, String what) {
    done.add(letter.position().toString());
    say(letter.position(), dryRun ? "would be " + what : what);
  }

  @Override
  public void before(Letter letter) {
    before.add(letter.position().toString());
    say(
        letter.position(),
        "was " + letter.state().name().toLowerCase(Locale.ROOT) + " before; nothing is done");
  }

  @Override
  public void failed(LetterPosition position, String why) {
    failed.put(position.toString(), why);
    say(position, "waits on: " + why);
  }

  private void say(LetterPosition position, String what) {
    out.println(position + " " + LogText.of(what));
    out.flush();
  }

  /** Exit code: 1 if a letter could not be dealt with. */
  int exitCode() {
    return failed.isEmpty() ? 0 : 1;
  }

  String summary() {
    return "%,d %s%s, %,d dealt with before, %,d could not be%n"
        .formatted(done.size(), dryRun ? "would be " : "", word(), before.size(), failed.size());
  }

  private String word() {
    return target.name().toLowerCase(Locale.ROOT);
  }

  Map<String, ?> json() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put(word(), done);
    object.put("before", before);
    object.put("failed", failed);
    object.put("dry_run", dryRun);
    return object;
  }
}
