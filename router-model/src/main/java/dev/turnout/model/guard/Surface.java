package dev.turnout.model.guard;

/** Counts the characters of one text and sums them up as statistics of its surface. */
final class Surface {
  private int read;
  private int upper;
  private int lower;
  private int digits;
  private int vowels;
  private int spaces;
  private int lines;
  private int foreign;
  private int marks;
  private int code;
  private int questions;
  private int runs;
  private int run;
  private double runLengths;
  private double runSquares;
  private int firstLine = -1;
  private int line;
  private int lastLine;
  private boolean endsBlank;

  void add(char c) {
    read++;
    endsBlank = Character.isWhitespace(c);
    if (endsBlank) {
      endRun();
    } else {
      run++;
    }
    if (c == '\n') {
      endLine();
    } else {
      line++;
    }
    if (c >= 128) {
      foreign++;
    } else if (c >= 'a' && c <= 'z') {
      lower++;
      vowels += isVowel(c) ? 1 : 0;
    } else if (c >= 'A' && c <= 'Z') {
      upper++;
      vowels += isVowel((char) (c + 32)) ? 1 : 0;
    } else if (c >= '0' && c <= '9') {
      digits++;
    } else if (c == ' ') {
      spaces++;
    } else if (!endsBlank) {
      marks++;
      code += "{}[]()=_<>;/\\".indexOf(c) >= 0 ? 1 : 0;
      questions += c == '?' ? 1 : 0;
    }
  }

  private static boolean isVowel(char c) {
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
  }

  private void endRun() {
    if (run > 0) {
      runs++;
      runLengths += run;
      runSquares += (double) run * run;
      run = 0;
    }
  }

  private void endLine() {
    lines++;
    if (line > 0) {
      firstLine = firstLine < 0 ? line : firstLine;
      lastLine = line;
    }
    line = 0;
  }

  /**
   * Writes the statistics; shares as square roots and lengths as logarithms, so that they spread
   * evenly.
   *
   * @param length of the whole text
   * @param distinct distinct words
   * @param words all words
   */
  void write(double[] out, int length, int distinct, int words) {
    int newlines = lines;
    endRun();
    endLine();
    double all = Math.max(1, read);
    double mean = runs == 0 ? 0 : runLengths / runs;
    double variance = runs == 0 ? 0 : Math.max(0, runSquares / runs - mean * mean);
    int at = 0;
    out[at++] = Math.log1p(length);
    out[at++] = Math.log1p(runs);
    out[at++] = Math.sqrt(upper / all);
    out[at++] = Math.sqrt(digits / all);
    out[at++] = lower / all;
    out[at++] = spaces / all;
    out[at++] = Math.sqrt(newlines / all);
    out[at++] = Math.sqrt(foreign / all);
    out[at++] = Math.sqrt(marks / all);
    out[at++] = Math.sqrt(code / all);
    out[at++] = Math.log1p(mean);
    out[at++] = Math.log1p(Math.sqrt(variance));
    out[at++] = vowels / (double) Math.max(1, upper + lower);
    out[at++] = distinct / Math.pow(words, 0.9);
    out[at++] = questions / Math.sqrt(1 + newlines);
    out[at++] = endsBlank ? 1 : 0;
    out[at++] = Math.log1p(lines);
    out[at++] = Math.log1p(Math.max(0, firstLine));
    out[at] = Math.log1p(lastLine);
  }
}
