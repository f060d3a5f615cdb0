package dev.turnout.lab.report;

import dev.turnout.app.console.TextTable;
import dev.turnout.lab.eval.conversation.AgreementRates;
import dev.turnout.lab.eval.conversation.ConversationResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Help.Ansi;

/** What {@code turnout eval --conversations} prints: as text and as JSON. */
public final class ConversationReport {
  private ConversationReport() {}

  /** The whole text, ending in a line break. */
  public static String text(ConversationResult result, Ansi ansi) {
    StringBuilder text = new StringBuilder();
    text.append(ansi.string("\n@|bold,underline Held out|@\n"));
    text.append("questions and turns that nothing was chosen by\n");
    text.append(ways(result.heldOut(), ansi));
    text.append(ansi.string("\n@|bold,underline Held out, by language|@\n"));
    text.append(parts(result.router().byLanguage(), result.router().newByLanguage(), ansi));
    text.append(ansi.string("\n@|bold,underline Held out, by kind|@\n"));
    text.append(parts(result.router().byKind(), result.router().newByKind(), ansi));
    text.append(ansi.string("\n@|bold,underline Training questions, turns of the tuning|@\n"));
    text.append(ways(result.tuning(), ansi));
    text.append("\nfollow-ups: routed like their question; new: routed as when asked alone\n");
    return text.toString();
  }

  /** Key to value; NaN stands for null. */
  public static Map<String, Object> json(ConversationResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("follow_ups", result.router().followUps());
    json.put("new_questions", result.router().newQuestions());
    json.put("sessions", result.router().sessions());
    json.put("held_out", ways(result.heldOut()));
    json.put("tuning", ways(result.tuning()));
    return json;
  }

  private static Map<String, Object> ways(Map<String, AgreementRates> ways) {
    Map<String, Object> json = new LinkedHashMap<>();
    ways.forEach(
        (name, rates) -> {
          Map<String, Object> way = new LinkedHashMap<>();
          way.put("follow_ups", rates.followUps());
          way.put("new_questions", rates.newQuestions());
          way.put("follow_ups_by_language", rates.byLanguage());
          way.put("follow_ups_by_kind", rates.byKind());
          way.put("new_by_language", rates.newByLanguage());
          way.put("new_by_kind", rates.newByKind());
          json.put(name, way);
        });
    return json;
  }

  private static String ways(Map<String, AgreementRates> ways, Ansi ansi) {
    TextTable table = TextTable.ruled(ansi, "encoded", "follow-ups", "new", "sessions");
    ways.forEach(
        (name, rates) ->
            table.row(
                name,
                percent(rates.followUps()),
                percent(rates.newQuestions()),
                String.format(Locale.ROOT, "%,d", rates.sessions())));
    return table.text();
  }

  private static String parts(
      Map<String, Double> followUps, Map<String, Double> newQuestions, Ansi ansi) {
    TextTable table = TextTable.ruled(ansi, "", "follow-ups", "new");
    TreeSet<String> keys = new TreeSet<>(followUps.keySet());
    keys.addAll(newQuestions.keySet());
    for (String key : keys) {
      table.row(
          key,
          percent(followUps.getOrDefault(key, Double.NaN)),
          percent(newQuestions.getOrDefault(key, Double.NaN)));
    }
    return table.text();
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
