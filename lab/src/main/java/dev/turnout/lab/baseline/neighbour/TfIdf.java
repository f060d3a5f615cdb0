package dev.turnout.lab.baseline.neighbour;

import dev.turnout.math.Vectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Term frequency times inverse document frequency over the most frequent terms, scaled to length 1.
 * Terms are words; scripts without spaces count by character.
 */
final class TfIdf {
  private static final int TERMS = 1024;
  private static final Pattern TERM =
      Pattern.compile("\\p{IsHan}|[\\p{L}\\p{M}&&[^\\p{IsHan}]]+|\\p{N}");

  private final Map<String, Integer> index;
  private final double[] weight;

  private TfIdf(Map<String, Integer> index, double[] weight) {
    this.index = index;
    this.weight = weight;
  }

  static TfIdf fit(List<String> texts) {
    Map<String, Integer> documents = new HashMap<>();
    for (String text : texts) {
      for (String term : new HashSet<>(terms(text))) {
        documents.merge(term, 1, Integer::sum);
      }
    }
    List<Map.Entry<String, Integer>> frequent =
        documents.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, Integer>>comparingInt(entry -> -entry.getValue())
                    .thenComparing(Map.Entry::getKey))
            .limit(TERMS)
            .toList();
    Map<String, Integer> index = new HashMap<>();
    double[] weight = new double[Math.max(1, frequent.size())];
    for (int k = 0; k < frequent.size(); k++) {
      index.put(frequent.get(k).getKey(), k);
      weight[k] = Math.log((1.0 + texts.size()) / (1.0 + frequent.get(k).getValue())) + 1;
    }
    return new TfIdf(index, weight);
  }

  float[][] vectors(List<String> texts) {
    float[][] vectors = new float[texts.size()][weight.length];
    for (int i = 0; i < vectors.length; i++) {
      for (String term : terms(texts.get(i))) {
        Integer k = index.get(term);
        if (k != null) {
          vectors[i][k] += (float) weight[k];
        }
      }
      float length = (float) Math.max(Vectors.length(vectors[i]), 1e-9);
      for (int k = 0; k < weight.length; k++) {
        vectors[i][k] /= length;
      }
    }
    return vectors;
  }

  private static List<String> terms(String text) {
    List<String> terms = new ArrayList<>();
    Matcher matcher = TERM.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      terms.add(matcher.group());
    }
    return terms;
  }
}
