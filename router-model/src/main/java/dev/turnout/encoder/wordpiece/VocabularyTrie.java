package dev.turnout.encoder.wordpiece;

import java.util.Arrays;
import java.util.Map;

/**
 * The vocabulary as a trie over UTF-16 units with two roots, one for the beginning of a word and
 * one for its continuations ({@code ##…}). All edges live in one open-addressing table keyed by
 * (node, unit), so that the longest match costs one probe a character and no allocation. Immutable.
 */
final class VocabularyTrie {
  static final int WORD_START = 0;
  static final int CONTINUATION = 1;
  static final int NONE = -1;

  private final long[] edges;
  private final int[] tokenOfNode;
  private final int mask;

  VocabularyTrie(WordPieceVocabulary vocabulary) {
    Map<String, Integer> all = vocabulary.tokens();
    int prefix = vocabulary.continuationPrefix().length();
    int units = all.keySet().stream().mapToInt(String::length).sum();
    int capacity = Integer.highestOneBit(Math.max(16, units)) * 4;
    this.edges = new long[capacity];
    this.mask = capacity - 1;
    int[] tokens = new int[units + 2];
    Arrays.fill(tokens, NONE);
    int nodes = 2;
    for (Map.Entry<String, Integer> entry : all.entrySet()) {
      String token = entry.getKey();
      boolean continuation = vocabulary.isContinuation(token);
      int node = continuation ? CONTINUATION : WORD_START;
      for (int i = continuation ? prefix : 0; i < token.length(); i++) {
        int next = child(node, token.charAt(i));
        if (next == NONE) {
          next = nodes++;
          insert(node, token.charAt(i), next);
        }
        node = next;
      }
      if (node > CONTINUATION) {
        tokens[node] = entry.getValue();
      }
    }
    this.tokenOfNode = Arrays.copyOf(tokens, nodes);
  }

  /** The node reached from {@code node} by {@code unit}, or {@link #NONE}. */
  int child(int node, char unit) {
    long key = ((long) node << 16 | unit) + 1;
    int slot = slot(key);
    while (true) {
      long edge = edges[slot];
      if (edge == 0) {
        return NONE;
      }
      if (edge >>> 24 == key) {
        return (int) (edge & 0xFFFFFF);
      }
      slot = (slot + 1) & mask;
    }
  }

  /** The token that ends at {@code node}, or {@link #NONE}. */
  int token(int node) {
    return tokenOfNode[node];
  }

  private void insert(int node, char unit, int next) {
    if (next > 0xFFFFFF) {
      throw new IllegalArgumentException("vocabulary has more than 16 million prefixes");
    }
    long key = ((long) node << 16 | unit) + 1;
    int slot = slot(key);
    while (edges[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    edges[slot] = key << 24 | next;
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & mask;
  }
}
