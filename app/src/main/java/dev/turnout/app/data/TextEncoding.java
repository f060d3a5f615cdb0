package dev.turnout.app.data;

import dev.turnout.encoder.QueryEncoder;
import dev.turnout.train.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Encodes texts with progress, each distinct text once, remembering them in the cache. */
public record TextEncoding(QueryEncoder encoder, EmbeddingCache cache, Progress progress) {
  private static final int CHUNK = 1024;

  /** The vectors of the texts, and the seconds that encoding took here or when it was cached. */
  public EmbeddingCache.Entry encode(String stage, List<String> texts) {
    if (texts.isEmpty()) {
      return new EmbeddingCache.Entry(new float[0][], 0);
    }
    return cache
        .get(encoder.id(), texts)
        .orElseGet(
            () -> {
              EmbeddingCache.Entry entry = encodeNow(stage, texts);
              cache.put(encoder.id(), texts, entry);
              return entry;
            });
  }

  private EmbeddingCache.Entry encodeNow(String stage, List<String> texts) {
    long start = System.nanoTime();
    Map<String, float[]> vectors = new LinkedHashMap<>();
    List<String> distinct = List.copyOf(new LinkedHashSet<>(texts));
    for (int from = 0; from < distinct.size(); from += CHUNK) {
      progress.report(stage, (double) from / distinct.size());
      List<String> chunk = distinct.subList(from, Math.min(distinct.size(), from + CHUNK));
      float[][] encoded = encoder.encode(chunk);
      for (int i = 0; i < encoded.length; i++) {
        vectors.put(chunk.get(i), encoded[i]);
      }
    }
    progress.report(stage, 1);
    List<float[]> all = new ArrayList<>(texts.size());
    for (String text : texts) {
      float[] vector = vectors.get(text);
      if (vector != null) {
        all.add(vector);
      }
    }
    return new EmbeddingCache.Entry(all.toArray(float[][]::new), (System.nanoTime() - start) / 1e9);
  }
}
