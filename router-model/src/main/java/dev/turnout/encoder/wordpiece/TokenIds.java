package dev.turnout.encoder.wordpiece;

import java.util.Arrays;

/** A growing list of token ids that is filled, read and cleared again. Thread-confined. */
public final class TokenIds {
  private int[] ids = new int[128];
  private int size;
  private final Word word = new Word();

  /** Number of tokens held. */
  public int size() {
    return size;
  }

  /** The token at {@code position}, 0-based. */
  public int get(int position) {
    if (position >= size) {
      throw new IndexOutOfBoundsException("token " + position + " of " + size);
    }
    return ids[position];
  }

  /** A copy of the tokens. */
  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  /** Copies the tokens into {@code target} from {@code offset} on. */
  public void copyTo(int[] target, int offset) {
    System.arraycopy(ids, 0, target, offset, size);
  }

  /** Scratch space of the tokenizer. */
  Word word() {
    return word;
  }

  public void clear() {
    size = 0;
  }

  public void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id;
  }

  /** Appends tokens. */
  public void addAll(int[] more) {
    if (size + more.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(size + more.length, ids.length * 2));
    }
    System.arraycopy(more, 0, ids, size, more.length);
    size += more.length;
  }

  /** Drops all tokens from {@code newSize} on. */
  public void truncate(int newSize) {
    size = Math.min(size, newSize);
  }

  /**
   * Cuts a long text to {@code limit} tokens: three quarters from its head and a quarter from its
   * tail. Instructions stand at the head of a query and the question itself at its tail; what lies
   * between is most often pasted material.
   */
  public void keepHeadAndTail(int limit) {
    if (size <= limit) {
      return;
    }
    int tail = limit / 4;
    System.arraycopy(ids, size - tail, ids, limit - tail, tail);
    size = limit;
  }
}
