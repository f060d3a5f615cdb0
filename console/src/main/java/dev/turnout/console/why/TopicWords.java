package dev.turnout.console.why;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts in how many texts of each cell a word occurs, to name the words that tell a cell's texts
 * from the others'. A word that occurs everywhere counts for little in any language; those of
 * English and German that never tell anything are left out from the start.
 *
 * <p>Memory is bounded: of a text its beginning is read, and so many words of a cell are told
 * apart, those that came first.
 */
final class TopicWords {
  private static final int LONGEST_TEXT = 1_000;
  private static final int MOST_WORDS = 2_000;
  private static final int FEWEST_TEXTS = 2;
  private static final String LETTER = "[\\p{L}\\p{M}\\p{N}]";
  private static final Pattern WORD =
      Pattern.compile("(?<!" + LETTER + ")\\p{L}" + LETTER + "{2,23}(?!" + LETTER + ")");

  private static final Set<String> STOP_WORDS =
      Set.copyOf(
          List.of(
              """
              about above after again all also although among and another any are aren
              because been before being below between both but can cannot could did does
              doesn doing don done during each either else even ever every few following for
              from further get give given goes going had has have having her here hers him
              his how however into isn its itself just let like make many may might more
              most much must need not now off once one only other our out over own per
              please same shall she should show since some such tell than that the their
              them then there these they this those though through too two under until upon
              use used using very want was way were what when where whether which while who
              whom whose why will with within without won would write yes yet you your aber
              als auch auf aus bei beim bin bis bitte das dass dem den denn der des die dies
              diese dieser doch dort durch ein eine einem einen einer eines für habe haben
              hat ich ihr ist kann kein man mehr mein mich mir mit nach nicht noch nur oder
              sehr sein sich sie sind über und uns unter vom von vor war wenn wer wie wir
              wird zum zur
              """
                  .strip()
                  .split("\\s+", -1)));

  private final Map<String, Integer> texts = new HashMap<>();
  private final Map<Integer, Map<String, Integer>> textsOfCell = new HashMap<>();
  private int all;

  /** Takes in a text of a cell. */
  void add(int cell, String text) {
    all++;
    Map<String, Integer> mine = textsOfCell.computeIfAbsent(cell, unused -> new HashMap<>());
    for (String word : words(text)) {
      if (mine.size() < MOST_WORDS || mine.containsKey(word)) {
        mine.merge(word, 1, Integer::sum);
        texts.merge(word, 1, Integer::sum);
      }
    }
  }

  private static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
    String beginning = text.substring(0, Math.min(text.length(), LONGEST_TEXT));
    Matcher word = WORD.matcher(beginning.toLowerCase(Locale.ROOT));
    while (word.find()) {
      if (!STOP_WORDS.contains(word.group())) {
        words.add(word.group());
      }
    }
    return words;
  }

  /** The words of a cell's texts that tell most, those that tell the most first. */
  List<String> of(int cell, int most) {
    return textsOfCell.getOrDefault(cell, Map.of()).entrySet().stream()
        .filter(word -> word.getValue() >= FEWEST_TEXTS)
        .sorted(
            Comparator.<Map.Entry<String, Integer>>comparingDouble(
                    word -> -weight(word.getKey(), word.getValue()))
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  private double weight(String word, int here) {
    return here * Math.log1p((double) all / texts.getOrDefault(word, 1));
  }
}
