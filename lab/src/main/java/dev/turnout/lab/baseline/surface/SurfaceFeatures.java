package dev.turnout.lab.baseline.surface;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** Counts that can be read off a text without understanding it. */
final class SurfaceFeatures {
  private static final Pattern WORDS = Pattern.compile("[\\s\\p{Punct}]+");
  private static final Pattern OPTION = Pattern.compile("(?m)^\\(?[A-Ja-j][.):]\\s?");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)*");
  private static final Pattern NUMBER_WORD =
      Pattern.compile(
          "\\b(one|two|three|four|five|six|seven|eight|nine|ten|half|twice|double|dozen|hundred"
              + "|thousand|each|every|per|total|more|less|times)\\b");
  private static final List<Pattern> ASKING =
      List.of(
          Pattern.compile("\\bwhich of the following\\b"),
          Pattern.compile("\\b(what|who|when|where)\\b"),
          Pattern.compile("\\b(why|how)\\b"),
          Pattern.compile("\\bhow (many|much)\\b"),
          Pattern.compile("\\b(not|except|false|incorrect|least)\\b"),
          Pattern.compile("\\b(if|then|suppose|assume|let)\\b"),
          Pattern.compile("\\b(def|return|function|class|assert|import)\\b"));

  private SurfaceFeatures() {}

  /** The features, always as many, each finite. */
  static double[] of(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String[] words =
        Arrays.stream(WORDS.split(lower)).filter(w -> !w.isEmpty()).toArray(String[]::new);
    double length = Math.max(1, text.length());
    int[] options =
        OPTION.matcher(text).results().mapToInt(java.util.regex.MatchResult::start).toArray();
    double stem = options.length == 0 ? length : options[0];
    double letters = Arrays.stream(words).mapToInt(String::length).sum();
    double[] plain = {
      Math.log(length),
      Math.log(1 + stem),
      Math.log(1 + words.length),
      words.length == 0 ? 0 : letters / words.length,
      Arrays.stream(words).mapToInt(String::length).max().orElse(0),
      words.length == 0 ? 0 : (double) new HashSet<>(Arrays.asList(words)).size() / words.length,
      options.length,
      options.length == 0 ? 0 : Math.log(1 + (length - stem) / options.length),
      Math.log1p((double) NUMBER.matcher(text).results().count()),
      Math.log1p((double) NUMBER_WORD.matcher(lower).results().count()),
      share(text, Character::isDigit, length),
      share(text, Character::isUpperCase, length),
      share(text, c -> "+-*/=^<>$\\%√∑∫≤≥π".indexOf(c) >= 0, length),
      share(text, c -> "{}();[]_#`".indexOf(c) >= 0, length),
      share(text, c -> ",;:".indexOf(c) >= 0, length),
      share(text, c -> c > 127, length),
      share(text, Character::isIdeographic, length),
      Math.log(1 + count(text, c -> c == '\n')),
      Math.log(1 + count(text, c -> c == '.' || c == '?' || c == '!')),
      count(text, c -> c == '?'),
      Math.log(1 + count(text, c -> c == '"')),
      count(text, c -> c == '_') > 0 ? 1 : 0
    };
    double[] all = Arrays.copyOf(plain, plain.length + ASKING.size());
    for (int a = 0; a < ASKING.size(); a++) {
      all[plain.length + a] = Math.log1p((double) ASKING.get(a).matcher(lower).results().count());
    }
    return all;
  }

  private static double share(String text, IntPredicate wanted, double length) {
    return count(text, wanted) / length;
  }

  private static double count(String text, IntPredicate wanted) {
    return text.codePoints().filter(wanted).count();
  }
}
