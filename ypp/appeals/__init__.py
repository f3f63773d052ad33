"""Appeals against suspensions (mission H6): a creator says why it is a mistake, staff answer in time, with words.

One appeal for each suspension: a suspension for another reason may be appealed anew.
"""
