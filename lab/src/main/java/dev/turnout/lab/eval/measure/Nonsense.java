package dev.turnout.lab.eval.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Texts that mean nothing, made from real ones, to try the guard with. */
public final class Nonsense {
  private Nonsense() {}

  /** The words of all texts dealt out again at random, each text keeping its number of words. */
  public static List<String> shuffledWords(List<String> texts, long seed) {
    List<String> pool = new ArrayList<>();
    texts.forEach(text -> pool.addAll(words(text)));
    Collections.shuffle(pool, new Random(seed));
    List<String> shuffled = new ArrayList<>();
    int next = 0;
    for (String text : texts) {
      int count = words(text).size();
      shuffled.add(String.join(" ", pool.subList(next, next + count)));
      next += count;
    }
    return shuffled;
  }

  /** The characters of all texts dealt out again at random, each text keeping its length. */
  public static List<String> shuffledLetters(List<String> texts, long seed) {
    Random random = new Random(seed);
    int[] letters = texts.stream().flatMapToInt(String::codePoints).toArray();
    for (int i = letters.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int letter = letters[i];
      letters[i] = letters[j];
      letters[j] = letter;
    }
    List<String> shuffled = new ArrayList<>();
    int next = 0;
    for (String text : texts) {
      int length = text.codePointCount(0, text.length());
      shuffled.add(new String(letters, next, length));
      next += length;
    }
    return shuffled;
  }

  /** The letters of every word in another order; blanks stay where they are. */
  public static List<String> lettersWithinWords(List<String> texts, long seed) {
    Random random = new Random(seed);
    return texts.stream().map(text -> lettersWithinWords(text, random)).toList();
  }

  private static String lettersWithinWords(String text, Random random) {
    int[] points = text.codePoints().toArray();
    for (int from = 0; from < points.length; from++) {
      int to = from;
      while (to < points.length && !Character.isWhitespace(points[to])) {
        to++;
      }
      for (int i = to - 1; i > from; i--) {
        int j = from + random.nextInt(i - from + 1);
        int point = points[i];
        points[i] = points[j];
        points[j] = point;
      }
      from = to;
    }
    return new String(points, 0, points.length);
  }

  /** The words of every text in another order. */
  public static List<String> wordOrder(List<String> texts, long seed) {
    Random random = new Random(seed);
    return texts.stream()
        .map(
            text -> {
              List<String> words = new ArrayList<>(words(text));
              Collections.shuffle(words, random);
              return String.join(" ", words);
            })
        .toList();
  }

  /** Texts of the same lengths, of letters and blanks drawn at random. */
  public static List<String> randomCharacters(List<String> texts, long seed) {
    Random random = new Random(seed);
    String from = "abcdefghijklmnopqrstuvwxyz     ";
    return texts.stream()
        .map(
            text ->
                random
                    .ints(text.length(), 0, from.length())
                    .collect(
                        StringBuilder::new,
                        (made, i) -> made.append(from.charAt(i)),
                        StringBuilder::append)
                    .toString())
        .toList();
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.strip().split("\\s+"));
  }
}
