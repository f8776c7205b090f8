"""Evaluation (评标): experts are drawn, vote, score; a result that anybody may count again."""
