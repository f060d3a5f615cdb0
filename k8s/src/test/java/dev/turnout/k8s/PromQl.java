package dev.turnout.k8s;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of PromQL as shows a typo: brackets and quotes in pairs, names of functions and durations
 * that there are, and which metrics are asked for. It is no parser: an expression that passes may
 * still be refused by Prometheus.
 *
 * @param text the expression
 */
record PromQl(String text) {

  private static final String FUNCTIONS =
      "abs absent absent_over_time avg avg_over_time bottomk ceil changes clamp clamp_max clamp_min"
          + " count count_over_time count_values day_of_month day_of_week days_in_month delta deriv"
          + " exp floor group histogram_avg histogram_count histogram_quantile histogram_sum"
          + " double_exponential_smoothing hour idelta increase irate label_join label_replace"
          + " last_over_time ln log10 log2 max max_over_time min min_over_time minute month"
          + " predict_linear present_over_time quantile quantile_over_time rate resets round scalar"
          + " sgn sort sort_desc sqrt stddev stddev_over_time stdvar stdvar_over_time sum"
          + " sum_over_time time timestamp topk vector year label_values query_result";

  private static final Set<String> WORDS =
      Set.of(
          "by",
          "without",
          "on",
          "ignoring",
          "group_left",
          "group_right",
          "and",
          "or",
          "unless",
          "bool",
          "offset",
          "inf",
          "nan");

  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?\\w+(:\\w+)?}?");
  private static final Pattern DURATION =
      Pattern.compile("\\[(?:\\d+(?:ms|[smhdwy]))+(?::(?:\\d+(?:ms|[smhdwy]))*)?]|\\[:v:(?::)?]");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern CALL =
      Pattern.compile("([a-zA-Z_]\\w*)\\s*(?:(?:by|without)\\s*\\([^()]*\\)\\s*)?\\(");

  /** What is wrong with it, as far as this sees. */
  Optional<String> problem() {
    String bare = QUOTED.matcher(text).replaceAll("q");
    if (bare.contains("\"") || bare.contains("'")) {
      return Optional.of("a quote is not closed in " + text);
    }
    Deque<Character> open = new ArrayDeque<>();
    for (int i = 0; i < bare.length(); i++) {
      char letter = bare.charAt(i);
      switch (letter) {
        case '(', '[', '{' -> open.push(letter);
        case ')', ']', '}' -> {
          if (open.isEmpty() || "([{".indexOf(open.pop()) != ")]}".indexOf(letter)) {
            return Optional.of("brackets are not in pairs in " + text);
          }
        }
        default -> {}
      }
    }
    if (!open.isEmpty()) {
      return Optional.of("brackets are not in pairs in " + text);
    }
    String plain = VARIABLE.matcher(bare).replaceAll(":v:");
    Matcher windows = Pattern.compile("\\[[^]]*]").matcher(plain);
    while (windows.find()) {
      if (!DURATION.matcher(windows.group()).matches()) {
        return Optional.of("no duration: " + windows.group() + " in " + text);
      }
    }
    Set<String> functions = Set.of(FUNCTIONS.split(" "));
    Matcher calls = CALL.matcher(plain);
    while (calls.find()) {
      String name = calls.group(1);
      if (!functions.contains(name) && !WORDS.contains(name)) {
        return Optional.of("no function: " + name + " in " + text);
      }
    }
    return Optional.empty();
  }

  /** Names of the series that it asks for. */
  Set<String> series() {
    String plain =
        VARIABLE
            .matcher(QUOTED.matcher(text).replaceAll("q"))
            .replaceAll("1")
            .replaceAll("\\{[^}]*}", " ")
            .replaceAll("\\[[^]]*]", " ")
            .replaceAll("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^()]*\\)", " ");
    Set<String> functions = Set.of(FUNCTIONS.split(" "));
    Set<String> series = new LinkedHashSet<>();
    Matcher names = NAME.matcher(plain.replaceAll("\\b\\d[\\w.]*", " "));
    while (names.find()) {
      String name = names.group();
      if (!functions.contains(name) && !WORDS.contains(name) && !name.equals("q")) {
        series.add(name);
      }
    }
    return series;
  }
}
