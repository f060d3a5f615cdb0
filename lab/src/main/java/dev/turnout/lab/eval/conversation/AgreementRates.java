package dev.turnout.lab.eval.conversation;

import java.util.Map;

/**
 * Shares of sessions that are routed as they should be, 0..1; NaN where there are none.
 *
 * @param followUps follow-ups that get the LLM of their question
 * @param newQuestions new questions that get the LLM that they get alone
 * @param byLanguage follow-ups by their language
 * @param byKind follow-ups by what they ask for
 * @param newByLanguage new questions by their language
 * @param newByKind new questions, those of the data set and short ones
 * @param sessions how many there were
 */
public record AgreementRates(
    double followUps,
    double newQuestions,
    Map<String, Double> byLanguage,
    Map<String, Double> byKind,
    Map<String, Double> newByLanguage,
    Map<String, Double> newByKind,
    int sessions) {}
