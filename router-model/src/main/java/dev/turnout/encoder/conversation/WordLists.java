package dev.turnout.encoder.conversation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The words that have no topic of their own, in all languages at once: a tree of words whose paths
 * are phrases. Immutable once read.
 */
final class WordLists {
  private static final String RESOURCE = "words.txt";

  private final Node root = new Node();

  /** The words read so far; an ending {@code *} of the last stands in {@code beginnings}. */
  private static final class Node {
    private final Map<String, Node> next = new HashMap<>();
    private final Map<String, WordRole> beginnings = new HashMap<>();
    private @Nullable WordRole role;
  }

  /**
   * A phrase that a list holds.
   *
   * @param length words of it
   */
  record Match(WordRole role, int length) {}

  private WordLists() {}

  /** Reads the lists that come with the program. */
  static WordLists load() {
    InputStream stream = WordLists.class.getResourceAsStream(RESOURCE);
    if (stream == null) {
      throw new IllegalStateException(RESOURCE + " is missing from the class path");
    }
    WordLists lists = new WordLists();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.strip().split("\\s+", -1);
          WordRole role = WordRole.valueOf(parts[0].toUpperCase(Locale.ROOT));
          for (int i = 1; i < parts.length; i++) {
            lists.add(parts[i], role);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
    return lists;
  }

  private void add(String phrase, WordRole role) {
    boolean beginning = phrase.endsWith("*");
    String whole = beginning ? phrase.substring(0, phrase.length() - 1) : phrase;
    List<String> words = ConversationWords.of(whole.replace('_', ' '));
    Node node = root;
    // A beginning after a gap, as in your_*, begins with nothing.
    int plain = beginning && !whole.endsWith("_") ? words.size() - 1 : words.size();
    for (String word : words.subList(0, plain)) {
      node = node.next.computeIfAbsent(word, w -> new Node());
    }
    if (beginning) {
      String start = plain < words.size() ? words.get(plain) : "";
      node.beginnings.merge(start, role, WordLists::stronger);
    } else {
      node.role = node.role == null ? role : stronger(node.role, role);
    }
  }

  private static WordRole stronger(WordRole a, WordRole b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** The longest phrase of the lists that begins at a word; one word of its own topic if none. */
  Match at(List<String> words, int from) {
    Match best = new Match(WordRole.TOPIC, 1);
    Node node = root;
    for (int i = from; i < words.size(); i++) {
      String word = words.get(i);
      WordRole begun = beginning(node, word);
      Node next = node.next.get(word);
      WordRole whole = next == null ? null : next.role;
      WordRole role = begun == null ? whole : whole == null ? begun : stronger(begun, whole);
      if (role != null) {
        best = new Match(role, i - from + 1);
      }
      if (next == null) {
        break;
      }
      node = next;
    }
    return best;
  }

  private static @Nullable WordRole beginning(Node node, String word) {
    if (node.beginnings.isEmpty()) {
      return null;
    }
    for (int end = word.length(); end >= 0; end--) {
      WordRole role = node.beginnings.get(word.substring(0, end));
      if (role != null) {
        return role;
      }
    }
    return null;
  }
}
